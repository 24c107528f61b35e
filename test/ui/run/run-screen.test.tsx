import {render} from 'ink-testing-library';
import {describe, expect, test} from 'vitest';
import {clockTime} from '../../../source/present/words.ts';
import type {RunEventBody} from '../../../source/core/run-event.ts';
import {waitReasons, type WaitReason} from '../../../source/core/agent-events.ts';
import {RunScreen} from '../../../source/ui/run/run-screen.tsx';
import {sampleReport} from '../../core/every-event.ts';
import {asked, literalReplay, literalRun, planning} from '../../helpers/ui-run.ts';
import {notify} from '../../../source/ui/app-store.ts';
import {linesOf, screenOf} from '../frame.tsx';
import {openRunApp} from '../open-test-app.ts';
import {open, planAsked, scope, working} from './open-run-screen.ts';

const done: readonly RunEventBody[] = [
	...working,
	{type: 'subtask-completed', subtask: 'api', attempt: 1, summary: 'wrote it', outputs: {}},
];

describe('the screen of a run', () => {
	test('is drawn with all of its parts', async () => {
		const {app, view} = await open(working);
		const {lastFrame} = render(<RunScreen view={view()} state={app.store.getState()} app={app} />);
		const lines = linesOf(lastFrame() ?? '');
		expect(lines).toHaveLength(30);
		expect(lines[0]).toMatch(/^ llm-orchestrator “add a health endpoint” .* 0\/2 {2}◐ running/);
		expect(lines[1]).toMatch(
			/^─ 1 Team · 1 of 3 working ─+ {2}━ 2 Plan · 2 subtasks · 1 in progress ━+$/,
		);
		expect(lines[2]).toMatch(/^○ lead +idle +◆ ◐ api +Write the endpoint/);
		expect(lines.slice(5).find(line => line.startsWith('─ 3 '))).toMatch(/^─ 3 \S+.* {2}─ 4 /);
		expect(lines.at(-2)).toMatch(
			/^ Commands run UNSANDBOXED; with no sandbox, every command is refused because no one can approve it/,
		);
		expect(lines.at(-1)).toMatch(/^ Tab pane .*q quit {2}\? help/);
	});

	test('says that the lead is planning, before there is a plan', async () => {
		const {screen} = await open(planning());
		expect(screen()).toContain('The lead is planning …');
		expect(screen()).toContain('The lead is planning.');
	});

	test('asks for a decision on a plan, with all that it would allow', async () => {
		const {screen} = await open(planAsked);
		expect(screen()).toContain('Request 1 of 1 · revision 1 of the plan');
		expect(screen()).toContain('Adds the endpoint.');
		expect(screen()).toContain('tests     warn nothing is checked');
		expect(screen()).toContain('runs npm run lint');
		expect(screen()).toContain('runs npm test');
		expect(screen()).toContain('a approve   r reject   e edit   v view   Esc later');
	});

	test('shows a plan whole: the graph, then every subtask with its instructions', async () => {
		const {screen, keys} = await open(planAsked, {rows: 60});
		keys('v');
		expect(screen()).toMatch(/◆ · api .*\n.*● · docs /);
		expect(screen()).toMatch(/api · Write the endpoint[^]*do api[^]*docs · Describe it[^]*do docs/);
	});

	test('shows what would hide in a command', async () => {
		const {screen} = await open([...working, asked('t1', {detail: 'rm \u202E-rf\u001B[2J /'})]);
		expect(screen()).toContain('$ rm \\u{202e}-rf\\x1b[2J /');
	});

	test('asks what to do about a command that was interrupted', async () => {
		const {screen} = await open([
			...working,
			{
				type: 'approval-requested',
				approval: 'c1',
				subject: {kind: 'interrupted-command', subtask: 'api', attempt: 1, command: 'make deploy'},
			},
		]);
		expect(screen()).toContain('Request 1 of 1 · interrupted command in api');
		expect(screen()).toContain('$ make deploy');
		expect(screen()).toContain('Restart the attempt?');
	});

	const until = '2026-11-22T11:30:00.000Z';
	const words: Readonly<Record<WaitReason, string>> = {
		command: 'waiting for the lock',
		approval: 'waiting for you',
		'rate-limit': `rate limit until ${clockTime(until)}`,
		retry: `retry at ${clockTime(until)}: call failed`,
		slot: 'waiting for a slot: the lock',
		budget: 'waiting for budget',
		'server-loading': `server loading until ${clockTime(until)}`,
		decision: 'waiting for you',
		paused: 'paused by you',
		message: 'waiting for your message (m)',
	};

	test.each(waitReasons)('says what an agent waits for: %s', async reason => {
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

	test('says how it ended, and of what to do next only what no key does', async () => {
		const endedWith = async (next: string, hint?: string) => {
			const outcome = {outcome: 'completed', reason: 'all is done'} as const;
			const report = {...sampleReport, ...outcome, next, hint};
			const {screen} = await open([...done, {type: 'run-finished', report}]);
			expect(screen()).toContain('✓ completed');
			return screen().split('\n').at(-2);
		};
		expect(await endedWith('llm-orchestrator undo r1')).toBe(' completed: all is done');
		expect(await endedWith('llm-orchestrator resume r1 --max-tokens 9')).toBe(
			' completed: all is done',
		);
		expect(await endedWith('git merge b')).toBe(' completed: all is done → git merge b');
		expect(await endedWith('llm-orchestrator resume r1', 'export KEY')).toBe(
			' completed: all is done → export KEY; then: llm-orchestrator resume r1',
		);
	});

	test('shows the end at once, whatever was told just before', async () => {
		const {app, screen, run, settle} = await open(working);
		notify(app, 'Approved: it.');
		await settle();
		expect(screen()).toContain('Approved: it.');
		run.end({outcome: 'failed', reason: 'api failed'});
		await settle();
		expect(screen()).toContain(' failed: api failed ');
		expect(screen()).not.toContain('Approved');
		notify(app, 'Following the end of the log.');
		await settle();
		expect(screen()).toContain('Following the end of the log.');
	});

	test('keeps what a key told between the end and its picture', async () => {
		const {keys, screen, run, settle} = await open(working);
		run.end({outcome: 'completed', reason: 'all is done'});
		keys('m');
		await settle();
		expect(screen()).toContain('The run is completed.');
	});

	test('says which key shows an end that has no room', async () => {
		const reason = `not done: ${'x'.repeat(200)}`;
		const failed = await open(working);
		failed.run.end({outcome: 'failed', reason});
		await failed.settle();
		expect(failed.screen()).toMatch(/ failed: not done: x+… ! shows all $/m);
		const completed = await open([
			...done,
			{type: 'run-finished', report: {...sampleReport, outcome: 'completed', reason}},
		]);
		expect(completed.screen()).toMatch(/ completed: not done: x+… ! shows all $/m);
		completed.keys('!');
		expect(completed.screen()).toMatch(/━ How the run ended [^]*completed: not done:\n?/);
	});

	test('stands still where nobody works on it', async () => {
		const {screen, run, settle, pass, app, view} = await open([...working, asked('t1')]);
		expect(screen()).toContain('1 waiting for you');
		run.end({outcome: 'limit-reached', reason: 'spent'});
		await settle();
		const before = screen();
		expect(before).toMatch(/Team · 0 of 3 working ─/);
		expect(before).toMatch(/Plan · 2 subtasks · 1 stopped ━/);
		expect(before).toMatch(/■ api .* stopped · alice +\d\d:\d\d/);
		expect(before).toMatch(/· docs .* not started/);
		expect(before).not.toMatch(/waits for you|waiting for you|◐|◌/);
		pass(60_000);
		expect(screen()).toBe(before);
		app.store.setState({run: {...view(), zoom: {kind: 'details', subtask: 'api', top: 0}}});
		expect(screen()).toMatch(/^stopped · alice · attempt 1 · took \d+\.\d s so far$/m);
	});

	test('stands still where its process has died', async () => {
		const test = await openRunApp({kind: 'attached', run: literalRun({past: working})});
		test.app.store.setState({run: {...test.view(), abandoned: true}});
		const before = screenOf(test.app).join('\n');
		expect(before).toMatch(/Team · 0 of 3 working ─/);
		expect(before).toMatch(/■ stopped /);
		expect(before).toMatch(/■ api .* stopped · alice/);
		expect(before).toMatch(/○ alice +api idle/);
		test.pass(60_000);
		expect(screenOf(test.app).join('\n')).toBe(before);
	});

	test('counts the time of a replay as of its last event', async () => {
		const test = await openRunApp({kind: 'replay', run: literalReplay({past: working})});
		const before = screenOf(test.app).join('\n');
		expect(before).toMatch(/◐ api .* 00:0\d$/m);
		test.pass(60_000);
		expect(screenOf(test.app).join('\n')).toBe(before);
	});

	test('shows the keys of what is looked at alone', async () => {
		const {screen, keys} = await open(planAsked);
		const last = () => screen().split('\n').at(-1);
		keys('v');
		expect(last()).toMatch(
			/^ a approve {3}r reject {3}e edit {3}Esc back {3}j\/k scroll {3}PgDn page .*q quit {2}\? help/,
		);
		keys('escape', '2', 'enter');
		expect(last()).toMatch(/^ Esc back {3}j\/k scroll {3}PgDn page {3}o \$PAGER {3}c copy /);
		keys('escape', '1', 'enter');
		expect(last()).toMatch(/^ Esc back {3}j\/k scroll {3}PgDn page {3}\/ find {3}f follow /);
	});

	test('says why it failed, and that failures wait to be looked at', async () => {
		const failure = {kind: 'check-failed', message: 'npm test is red'} as const;
		const {screen, run, settle} = await open(working);
		run.tell({type: 'attempt-failed', ...scope, failure, strategy: 'give-up'});
		await settle();
		expect(screen()).toContain(' ✗ api: attempt 1 failed: npm test is red [check-failed]');
		run.tell({type: 'subtask-failed', subtask: 'api', failure});
		run.end({outcome: 'failed', reason: 'api failed'});
		await settle();
		expect(screen()).toMatch(/ failed: api failed .*✗ 1 unseen failure: !/);
		expect(screen()).toMatch(/✗ api .*check-failed/);
	});

	test('says what kind of view it is', async () => {
		const attached = await openRunApp({kind: 'attached', run: literalRun({past: working})});
		expect(screenOf(attached.app)[0]).toContain('[attached]');
		const replay = await openRunApp({kind: 'replay', run: literalReplay({past: working})});
		expect(screenOf(replay.app)[0]).toContain('[replay 8/100 ×1]');
		expect(screenOf(replay.app).at(-1)).toContain('+ faster');
	});

	test('shows one part at a time where it is narrow, and what is asked in any case', async () => {
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

	test('says so where the terminal is too small, and that the run goes on', async () => {
		const {screen, run, settle} = await open(working, {columns: 40, rows: 10});
		expect(screen()).toMatch(/40×10 is too small; 60×15 is\s+enough\./);
		expect(screen()).toContain('The run is in progress: running, 0/2.');
		run.tell(asked('t1'), asked('t2'));
		await settle();
		expect(screen()).toContain('2 decisions are waiting for you.');
	});

	test('says what commands may do, however long the name of the directory is', async () => {
		const [start, ...rest] = working;
		const directory = `/home/${'x'.repeat(200)}`;
		const {screen} = await open(
			[...(start ? [{...start, directory} as RunEventBody] : []), ...rest],
			{
				columns: 60,
			},
		);
		expect(screen()).toContain('UNSANDBOXED; with no sandbox, every command');
	});

	test('says once that something was put off, also beside the notice of the last key', async () => {
		const {app, screen, keys} = await open([...working, asked('t1')]);
		keys('escape');
		expect(screen()).toMatch(
			/^ 1 decision postponed, the run is waiting for you: v {2} Commands run UNSANDBOXED/m,
		);
		expect(screen().match(/postponed/gi)).toHaveLength(1);
		notify(app, 'Sent to bob.');
		expect(screen()).toContain(
			' 1 decision postponed, the run is waiting for you: v   Sent to bob.',
		);
	});
});
