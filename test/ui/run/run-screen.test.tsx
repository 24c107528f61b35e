import * as fc from 'fast-check';
import {render} from 'ink-testing-library';
import {describe, expect, it} from 'vitest';
import {textWidth} from '../../../source/present/width.ts';
import {clockTime} from '../../../source/present/words.ts';
import {waitReasons, type RunEventBody, type WaitReason} from '../../../source/core/run-event.ts';
import {RunScreen} from '../../../source/ui/run/run-screen.tsx';
import {everyEvent, poisoned, sampleReport} from '../../core/every-event.ts';
import {poison} from '../../core/hostile.ts';
import {planOf, subtask} from '../../helpers/run-parts.ts';
import {
	asked,
	begun,
	decided,
	literalReplay,
	literalRun,
	planning,
	proposed,
} from '../../helpers/ui-run.ts';
import {foreignIn, linesOf, rawScreenOf, screenOf} from '../frame.tsx';
import {openRunApp, type TestApp, type TestAppOptions} from '../open-test-app.ts';

const plan = planOf({
	summary: 'Adds the endpoint.',
	subtasks: [
		subtask('api', {title: 'Write the endpoint', checks: ['npm test']}),
		subtask('docs', {title: 'Describe it', dependsOn: ['api']}),
	],
	checks: ['npm run lint'],
});
const planAsked: readonly RunEventBody[] = [...planning(), ...proposed(plan)];
const working: readonly RunEventBody[] = [...planAsked, decided('p1'), ...begun('api', 'alice')];
const scope = {agent: 'alice', subtask: 'api', attempt: 1};
const done: readonly RunEventBody[] = [
	...working,
	{type: 'subtask-completed', subtask: 'api', attempt: 1, summary: 'wrote it', outputs: {}},
];

async function open(past: readonly RunEventBody[], options: TestAppOptions = {}) {
	const run = literalRun({past});
	const test = await openRunApp({kind: 'own', run}, options);
	return {...test, run, screen: () => screenOf(test.app).join('\n')};
}

/** The lines of a screen, which fit its terminal. */
function fittingLines({app}: TestApp): readonly string[] {
	const {columns, rows} = app.store.getState();
	const lines = screenOf(app);
	expect(lines.length).toBeLessThanOrEqual(rows);
	for (const line of lines) {
		expect(textWidth(line)).toBeLessThanOrEqual(columns);
	}

	return lines;
}

describe('the screen of a run', () => {
	it('is drawn with all of its parts', async () => {
		const {app, view} = await open(working);
		const {lastFrame} = render(<RunScreen view={view()} state={app.store.getState()} app={app} />);
		const lines = linesOf(lastFrame() ?? '');
		expect(lines).toHaveLength(30);
		expect(lines[0]).toMatch(/^ llm-orchestrator “add a health endpoint” .* 0\/2 {2}◐ running/);
		expect(lines[1]).toMatch(
			/^─ 1 Team · 1 of 3 at work ─+ {2}━ 2 Plan · 2 subtasks · 1 at work ━+$/,
		);
		expect(lines[2]).toMatch(/^○ lead +idle +◆ ◐ api +Write the endpoint/);
		expect(lines.slice(5).find(line => line.startsWith('─ 3 '))).toMatch(/^─ 3 \S+.* {2}─ 4 /);
		expect(lines.at(-2)).toMatch(
			/^ Commands run UNSANDBOXED · permission: sandboxed · \/home\/ada\/project$/,
		);
		expect(lines.at(-1)).toMatch(/^ Tab pane .*q quit {2}\? help/);
	});

	it('says that the lead is planning, before there is a plan', async () => {
		const {screen} = await open(planning());
		expect(screen()).toContain('The lead is making the plan …');
		expect(screen()).toContain('The lead makes the plan.');
	});

	it('asks for a decision on a plan, with all that it would allow', async () => {
		const {screen} = await open(planAsked);
		expect(screen()).toContain('Approval 1 of 1 · revision 1 of the plan');
		expect(screen()).toContain('Adds the endpoint.');
		expect(screen()).toContain('tests     warn nothing is checked');
		expect(screen()).toContain('runs npm run lint');
		expect(screen()).toContain('runs npm test');
		expect(screen()).toContain('a approve   r reject   e edit   v view   Esc later');
	});

	it('shows a plan whole: the graph, then every subtask with its instructions', async () => {
		const {screen, keys} = await open(planAsked, {rows: 60});
		keys('v');
		expect(screen()).toMatch(/◆ · api .*\n.*● · docs /);
		expect(screen()).toMatch(/api · Write the endpoint[^]*do api[^]*docs · Describe it[^]*do docs/);
	});

	it('shows what would hide in a command', async () => {
		const {screen} = await open([...working, asked('t1', {detail: 'rm \u202E-rf\u001B[2J /'})]);
		expect(screen()).toContain('$ rm \\u{202e}-rf\\x1b[2J /');
	});

	it('asks what to do about a command that was interrupted', async () => {
		const {screen} = await open([
			...working,
			{
				type: 'approval-requested',
				approval: 'c1',
				subject: {kind: 'interrupted-command', subtask: 'api', attempt: 1, command: 'make deploy'},
			},
		]);
		expect(screen()).toContain('Approval 1 of 1 · an interrupted command of api');
		expect(screen()).toContain('$ make deploy');
		expect(screen()).toContain('Start the attempt over?');
	});

	const until = '2026-11-22T11:30:00.000Z';
	const words: Readonly<Record<WaitReason, string>> = {
		command: 'waits for the lock',
		approval: 'waits for your decision',
		'rate-limit': `rate limit until ${clockTime(until)}`,
		retry: `again ${clockTime(until)}: call failed`,
		slot: 'waits for a slot: the lock',
		budget: 'waits for the budget',
		'server-loading': `server is loading until ${clockTime(until)}`,
		decision: 'waits for your decision',
		paused: 'paused by you',
		message: 'waits for your message (m)',
	};

	it.each(waitReasons)('says what an agent waits for: %s', async reason => {
		const waiting = {
			type: 'agent-waiting',
			...scope,
			for: reason,
			detail: 'the lock',
			until,
		} as const;
		const {screen} = await open([...working, waiting], {columns: 160});
		expect(screen()).toMatch(/1 waiting ─/);
		expect(screen()).toContain(`◌ alice       api ${words[reason]}`);
	});

	it('says how it ended, and what to type next', async () => {
		const report = {
			...sampleReport,
			outcome: 'completed',
			reason: 'all is done',
			next: 'llm-orchestrator undo r1',
		} as const;
		const {screen} = await open([...done, {type: 'run-finished', report}]);
		expect(screen()).toContain(' completed: all is done → llm-orchestrator undo r1');
		expect(screen()).toContain('✓ completed');
	});

	it('says why it failed, and that failures wait to be looked at', async () => {
		const failure = {kind: 'check-failed', message: 'npm test is red'} as const;
		const {screen, run, settle} = await open(working);
		run.tell({type: 'attempt-failed', ...scope, failure, strategy: 'give-up'});
		await settle();
		expect(screen()).toContain(' ✗ api: attempt 1 failed: npm test is red [check-failed]');
		run.tell({type: 'subtask-failed', subtask: 'api', failure});
		run.end({outcome: 'failed', reason: 'api failed'});
		await settle();
		expect(screen()).toMatch(/ failed: api failed .*✗ 1 failure not seen: !/);
		expect(screen()).toMatch(/✗ api .*check-failed/);
	});

	it('says what kind of view it is', async () => {
		const attached = await openRunApp({kind: 'attached', run: literalRun({past: working})});
		expect(screenOf(attached.app)[0]).toContain('[attached]');
		const replay = await openRunApp({kind: 'replay', run: literalReplay({past: working})});
		expect(screenOf(replay.app)[0]).toContain('[replay 8/100 ×1]');
		expect(screenOf(replay.app).at(-1)).toContain('+ faster');
	});

	it('shows one part at a time where it is narrow, and what is asked in any case', async () => {
		const {screen, keys, run, settle} = await open(working, {columns: 60, rows: 15});
		expect(screen()).toContain('━ 2 Plan');
		expect(screen()).not.toContain('1 Team');
		keys('1');
		expect(screen()).toContain('━ 1 Team');
		expect(screen()).not.toContain('2 Plan');
		run.tell(asked('t1'));
		await settle();
		expect(screen()).toContain('$ npm install left-pad');
		expect(screen()).toContain('a approve');
	});

	it('says so where the terminal is too small, and that the run goes on', async () => {
		const {screen, run, settle} = await open(working, {columns: 40, rows: 10});
		expect(screen()).toMatch(/40×10 is too small; 60×15 is\s+enough\./);
		expect(screen()).toContain('The run goes on: running, 0/2.');
		run.tell(asked('t1'), asked('t2'));
		await settle();
		expect(screen()).toContain('2 decisions wait for you.');
	});

	it('says what commands may do, however long the name of the directory is', async () => {
		const [start, ...rest] = working;
		const directory = `/home/${'x'.repeat(200)}`;
		const {screen} = await open(
			[...(start ? [{...start, directory} as RunEventBody] : []), ...rest],
			{
				columns: 60,
			},
		);
		expect(screen()).toContain('UNSANDBOXED · permission: sandboxed');
	});

	it('shows the notice of the last key, and with it that something was put off', async () => {
		const {app, screen, keys} = await open([...working, asked('t1')]);
		keys('escape');
		expect(screen()).toContain('1 decision put off: v');
		app.store.setState({notice: undefined});
		expect(screen()).toMatch(/1 decision put off: v .*UNSANDBOXED/);
	});
});

describe('whatever its size', () => {
	const detail = `${'long command '.repeat(60)}\n`.repeat(20);
	const many = planOf({
		subtasks: Array.from({length: 40}, (_, index) =>
			subtask(`task-${index}`, {
				title: '使用说明 of the endpoint '.repeat(4),
				dependsOn: index < 3 ? [] : [`task-${index - 3}`, `task-${index - 2}`],
			}),
		),
	});
	const crowd = planning({
		task: '使用 a very long task '.repeat(30),
		teammates: Array.from({length: 12}, (_, index) => `teammate-${index}-使用说明`),
	});
	const busy = [
		...crowd,
		...proposed(many),
		decided('p1'),
		...begun('task-0', 'teammate-0-使用说明'),
	];
	const wish = asked('t1', {agent: 'teammate-0-使用说明', subtask: 'task-0', detail});
	const keysOf: Readonly<Record<string, readonly string[]>> = {
		plan: ['2'],
		team: ['1', 'G'],
		log: ['3'],
		details: ['2', 'enter'],
		'a log alone': ['1', 'j', 'enter'],
		'a request': [],
		'a request alone': ['v'],
		'a text': ['m'],
		'a question': ['2', 'X'],
		'a notice': ['Z'],
	};

	it.each(Object.entries(keysOf))(
		'the screen fits its terminal, and all of it is there: %s',
		async (_, keys) => {
			const test = await open([...busy, wish]);
			test.run.say({agent: 'teammate-0-使用说明', kind: 'text', text: '使用说明 '.repeat(500)});
			test.keys(...keys);
			fc.assert(
				fc.property(
					fc.integer({min: 60, max: 180}),
					fc.integer({min: 15, max: 40}),
					(columns, rows) => {
						test.resize(columns, rows);
						const lines = fittingLines(test);
						expect(lines).toHaveLength(rows);
						expect(lines[0]).toContain('running');
						expect(lines.at(-2)).not.toBe('');
						if (test.app.store.getState().dialog === undefined) {
							expect(lines.at(-1)).toMatch(/q quit {2}\? help/);
						}
					},
				),
				{
					numRuns: 7,
					examples: [
						[60, 15],
						[99, 15],
						[100, 15],
						[200, 30],
					],
				},
			);
		},
	);

	it('the screen fits a terminal that is too small', async () => {
		const test = await open([...busy, wish]);
		fc.assert(
			fc.property(fc.integer({min: 1, max: 59}), fc.integer({min: 1, max: 40}), (columns, rows) => {
				test.resize(columns, rows);
				fittingLines(test);
			}),
			{numRuns: 25},
		);
	});

	it('shows every question with its answers', async () => {
		const test = await open(busy, {columns: 60, rows: 15, home: {}});
		for (const key of ['x', 'X', 'q']) {
			test.keys(key);
			const {choices} = {choices: [], ...test.dialog()};
			expect(choices.length).toBeGreaterThan(1);
			for (const {label} of choices) {
				expect(test.screen().replaceAll(/\s+/g, ' ')).toContain(label);
			}

			test.keys('escape');
		}
	});
});

it('of a plan with a thousand subtasks only the rows in sight are made', async () => {
	const lookups = async (count: number) => {
		const names = Array.from({length: count}, (_, index) => `s${index}`);
		const test = await open([
			...planning(),
			...proposed(planOf({subtasks: names.map(id => subtask(id))})),
			decided('p1'),
		]);
		const {subtasks} = test.run.state();
		let made = 0;
		const get = subtasks.get.bind(subtasks);
		subtasks.get = id => {
			made += 1;
			return get(id);
		};
		test.keys('G');
		const lines = screenOf(test.app).filter(line => / · s\d+ /.test(line));
		expect(lines.at(-1)).toContain(` s${count - 1} `);
		test.keys('g');
		expect(screenOf(test.app).join('\n')).toContain(' s0 ');
		return {made, rows: lines.length};
	};
	const [few, many] = [await lookups(40), await lookups(1_000)];
	expect(many).toEqual(few);
	expect(many.rows).toBeLessThan(30);
});

describe('nothing of what others write reaches the terminal as it is', () => {
	const evil = `eve${poison}\n`;
	const past: readonly RunEventBody[] = [
		...planning({task: evil, teammates: [evil], model: evil}),
		...proposed(
			planOf({
				summary: evil,
				subtasks: [
					subtask('api', {title: evil, instructions: evil, writes: [evil], outputs: [evil]}),
				],
				checks: [evil],
			}),
		).map(event =>
			event.type === 'plan-judged'
				? {...event, verdicts: [{criterion: evil, result: 'fail' as const, reasons: [evil]}]}
				: event,
		),
	];

	function expectHarmless({app}: TestApp): void {
		expect(foreignIn(rawScreenOf(app))).toEqual([]);
	}

	it('a task, a plan, its criteria, names and models', async () => {
		const test = await open(past);
		expectHarmless(test);
		for (const key of [
			'v',
			'escape',
			'2',
			'enter',
			'escape',
			'1',
			'G',
			'enter',
			'm',
			'escape',
			'c',
		]) {
			test.keys(key);
			expectHarmless(test);
		}
	});

	it('what agents say, ask for and fail with', async () => {
		const test = await open([...past, decided('p1'), ...begun('api', evil)]);
		const failure = {kind: 'check-failed', message: evil, hint: evil} as const;
		for (const event of [
			{type: 'agent-waiting', ...scope, agent: evil, for: 'slot', detail: evil},
			{
				type: 'tool-call-started',
				...scope,
				agent: evil,
				call: 'c',
				tool: evil,
				effect: 'read',
				summary: evil,
			},
			asked('t1', {agent: evil, detail: evil, reason: evil, directory: evil, tool: evil}),
			decided('t1'),
			{type: 'attempt-failed', ...scope, agent: evil, failure, strategy: 'retry', evidence: evil},
			{type: 'inbox-refused', file: 'i', problem: evil},
		] as const satisfies readonly RunEventBody[]) {
			test.run.tell(event);
			test.run.say({agent: evil, kind: 'text', text: evil});
			await test.settle();
			expectHarmless(test);
		}

		test.run.end({reason: evil, next: evil});
		await test.settle();
		expectHarmless(test);
		test.keys('2', 'enter');
		expectHarmless(test);
	});

	it('any event at all', async () => {
		for (const event of everyEvent) {
			const test = await open(working);
			test.run.tell(poisoned(event, `${poison}\n`) as RunEventBody);
			await test.settle();
			expectHarmless(test);
		}
	});
});

describe('themes', () => {
	const colour = /\u001B\[(?:\d+;)*3\d/;

	it('use colours, and none where none are wanted', async () => {
		const past = [...working, asked('t1')];
		expect(rawScreenOf((await open(past, {theme: {colors: true}})).app)).toMatch(colour);
		expect(rawScreenOf((await open(past)).app)).not.toMatch(colour);
	});

	it('use nothing but ASCII where there is nothing else', async () => {
		const failure = {kind: 'check-failed', message: 'red'} as const;
		const past = [
			...working,
			{type: 'attempt-failed', ...scope, failure, strategy: 'retry'},
			asked('t1'),
		] as const satisfies readonly RunEventBody[];
		const test = await open(past, {theme: {ascii: true}});
		for (const key of [
			'2',
			'v',
			'escape',
			'escape',
			'1',
			'?',
			'escape',
			'enter',
			'escape',
			'm',
			'escape',
			'X',
		]) {
			test.keys(key);
			expect(
				screenOf(test.app)
					.join('')
					.match(/[^\u0020-\u007E]/g),
			).toBeNull();
		}

		test.resize(40, 10);
		expect(
			screenOf(test.app)
				.join('')
				.match(/[^\u0020-\u007E]/g),
		).toBeNull();
	});

	it('use nothing but ASCII for logs, diffs, plans and replays', async () => {
		const call = {...scope, call: 'c'};
		const past = [
			...proposed(plan),
			...everyEvent.filter(({type}) => !type.startsWith('run-')),
			{
				type: 'tool-call-started',
				...call,
				tool: 'run_command',
				effect: 'command',
				summary: 'run_command ls',
			},
			{
				type: 'tool-call-finished',
				...call,
				ok: false,
				result: `--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+${'b'.repeat(200)}\n`.repeat(9),
				durationMs: 1,
			},
		] as const satisfies readonly RunEventBody[];
		const replay = literalReplay({
			past: [...planning({teammates: ['alice', 'teammate-1']}), ...past],
		});
		const test = await openRunApp({kind: 'replay', run: replay}, {theme: {ascii: true}, rows: 80});
		replay.say({
			agent: 'alice',
			kind: 'thinking',
			text: '- one\n- two\n\n> three\n\n\u0060\u0060\u0060js\nx\n',
		});
		for (const key of [
			'2',
			'enter',
			'escape',
			'3',
			'4',
			'enter',
			'space',
			'g',
			'escape',
			'1',
			'space',
		]) {
			test.keys(key);
			await test.settle();
			expect(
				screenOf(test.app)
					.join('')
					.match(/[^\u0020-\u007E]/g),
			).toBeNull();
		}

		const asking = await open(planAsked, {theme: {ascii: true}, rows: 80});
		asking.keys('v');
		expect(
			screenOf(asking.app)
				.join('')
				.match(/[^\u0020-\u007E]/g),
		).toBeNull();
	});
});
