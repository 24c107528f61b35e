import {expect, test} from 'vitest';
import type {ToolCall} from '../../../source/core/chat.ts';
import {FailureError} from '../../../source/core/failure.ts';
import type {RunEvent} from '../../../source/core/run-event.ts';
import type {ToolEffect} from '../../../source/core/agent-events.ts';
import type {AttemptSpec} from '../../../source/engine/attempt/attempt-context.ts';
import {createLongResults} from '../../../source/engine/attempt/long-results.ts';
import type {Permission} from '../../../source/core/approval.ts';
import {createToolRunner} from '../../../source/engine/attempt/tool-runner.ts';
import type {PathGuard} from '../../../source/sandbox/path-guard.ts';
import type {PreparedCall} from '../../../source/tools/tool.ts';
import {openApprovals} from '../../../source/core/open-approvals.ts';
import {createHistory} from '../../../source/engine/log/history.ts';
import {createModelMemory} from '../../../source/engine/model/model-memory.ts';
import {contextParts, openTestSession} from '../../helpers/context-parts.ts';
import {createTestRecorder} from '../../helpers/fake-recorder.ts';
import {createTestParts, planOf, quickClock, subtask} from '../../helpers/run-parts.ts';

type Setup = {
	readonly effect?: ToolEffect;
	readonly prepare?: () => PreparedCall;
	readonly permission?: Permission;
	readonly past?: readonly RunEvent[];
	readonly attended?: boolean;
	readonly file?: string;
};

const call: ToolCall = {
	kind: 'tool-call',
	id: 'c1',
	name: 'tool',
	argumentsText: '{}',
	arguments: {},
};

async function setUp(setup: Setup) {
	const recorder = await createTestRecorder({attended: setup.attended ?? true});
	const events: RunEvent[] = [];
	recorder.subscribe(event => events.push(event));
	const executed: string[] = [];
	const parts = contextParts(recorder, {history: createHistory(setup.past ?? [])});
	const {approvals} = parts;
	const session = await openTestSession(parts, text => text.replaceAll('secret', '[redacted]'));
	const [only] = planOf({subtasks: [subtask('a')]}).subtasks;
	const files: PathGuard = {
		root: '/w',
		normalize: path => path,
		readFile: async () => (setup.file === undefined ? undefined : Buffer.from(setup.file)),
		writeFile: async () => undefined,
		listDirectory: async () => [],
	};
	const known = new Map<string, string>();
	const results = createLongResults(session, createModelMemory());
	const run = createToolRunner({
		results,
		spec: {
			subtask: only,
			attempt: 1,
			profile: {name: 'teammate-1', provider: 'demo', model: 'm'},
		} as AttemptSpec,
		session,
		toolbox: {
			specs: [],
			accepts: () => undefined,
			normalize: call => call,
			effectOf: name => (name === 'tool' ? (setup.effect ?? 'read') : undefined),
			async prepare() {
				return (
					setup.prepare?.() ?? {
						summary: 'tool',
						permission: {detail: 'the whole command', reason: 'commands ask'},
						async execute() {
							executed.push('done');
							return {ok: true, text: 'a secret result'};
						},
					}
				);
			},
		},
		tools: {
			files,
			known,
			sandbox: createTestParts().sandbox,
			commandTimeoutMs: 1_000,
			sendMessage: async () => 'm1',
			maxResult: () => 30_000,
			readResult: async () => undefined,
		},
		judge: () => setup.permission ?? {kind: 'allow'},
		clock: quickClock,
	});
	await session.turns.begin(1);
	return {run, recorder, events, executed, approvals, known, parts, session, results};
}

test('a call is logged before and after it is done, without secrets', async () => {
	const {run, events} = await setUp({});
	expect(await run(call, 1)).toEqual({ok: true, text: 'a [redacted] result', changed: false});
	expect(events).toMatchObject([
		{type: 'tool-call-started', call: 'c1', tool: 'tool', effect: 'read'},
		{type: 'tool-call-finished', ok: true, result: 'a [redacted] result'},
	]);
});

test('a call that cannot be done is told to the model, and nothing else happens', async () => {
	const {run, events} = await setUp({
		prepare() {
			throw new FailureError('bad-call', 'path is missing');
		},
	});
	expect(await run(call, 1)).toMatchObject({ok: false, text: 'path is missing'});
	expect(events.map(({type}) => type)).toEqual(['tool-call-started', 'tool-call-finished']);
});

test('a result that was shown in part can be read whole, also by a resumed run', async () => {
	const first = await setUp({
		prepare: () => ({
			summary: 'tool',
			execute: async () => ({ok: true, text: 'a part', whole: 'a part of a secret'}),
		}),
	});
	expect((await first.run(call, 1)).text).toContain('read_file @output-1');
	const again = await setUp({past: first.events});
	await again.run(call, 1);
	expect(await again.results.read('@output-1')).toBe('a part of a [redacted]');
});

test('a logged result is given again without doing anything', async () => {
	const first = await setUp({});
	await first.run(call, 1);
	const again = await setUp({past: first.events});
	expect(await again.run(call, 1)).toMatchObject({ok: true, text: 'a [redacted] result'});
	expect(again.executed).toEqual([]);
	expect(again.events).toEqual([]);
});

test('a call that needs a decision waits for it before it is begun', async () => {
	const {run, executed, events, recorder, approvals} = await setUp({
		effect: 'command',
		permission: {kind: 'ask'},
	});
	const running = run(call, 1);
	await until(() => recorder.state.approvals.size === 1);
	expect(events.map(({type}) => type)).toEqual(['approval-requested', 'agent-waiting']);
	expect(recorder.state.agents.get('teammate-1')).toMatchObject({
		activity: 'waiting',
		waitsFor: 'approval',
		detail: 'tool: the whole command',
		subtask: 'a',
	});
	expect(recorder.state.approvals.get('call-1')?.subject).toMatchObject({
		detail: 'the whole command',
		directory: '/w',
		agent: 'teammate-1',
	});
	approvals.decide('call-1', {decision: 'approve', scope: 'once', origin: 'person'});
	expect(await running).toMatchObject({ok: true});
	expect(executed).toEqual(['done']);
	expect(events.map(({type}) => type).slice(2, 5)).toEqual([
		'approval-decided',
		'agent-resumed',
		'tool-call-started',
	]);
});

test('nobody is shown to wait for a decision that is there already', async () => {
	const {run, events, recorder, approvals} = await setUp({permission: {kind: 'ask'}});
	recorder.subscribe(event => {
		if (event.type === 'approval-requested') {
			approvals.decide(event.approval, {decision: 'approve', scope: 'always', origin: 'person'});
		}
	});
	await run(call, 1);
	await run({...call, id: 'c2'}, 1);
	expect(events.map(({type}) => type)).not.toContain('agent-waiting');
});

test('what a person rejects is not done, and the model is told why', async () => {
	const {run, executed, recorder, approvals} = await setUp({permission: {kind: 'ask'}});
	const running = run(call, 1);
	await until(() => recorder.state.approvals.size === 1);
	approvals.decide('call-1', {
		decision: 'reject',
		scope: 'once',
		origin: 'person',
		feedback: 'use npm',
	});
	expect(await running).toMatchObject({ok: false, text: expect.stringContaining('use npm')});
	expect(executed).toEqual([]);
});

test('where nobody can decide the attempt ends as denied', async () => {
	const {run, executed, recorder} = await setUp({permission: {kind: 'ask'}, attended: false});
	await expect(run(call, 1)).rejects.toMatchObject({kind: 'denied'});
	expect(executed).toEqual([]);
	expect(recorder.state.denied).toMatchObject([{what: 'the whole command', by: 'nobody'}]);
});

test('a denied call is not done whoever asks', async () => {
	const {run, executed} = await setUp({permission: {kind: 'deny', reason: 'home is closed'}});
	expect(await run(call, 1)).toMatchObject({
		ok: false,
		text: expect.stringContaining('home is closed'),
	});
	expect(executed).toEqual([]);
});

test('in a turn that the person has ended nothing more is started, and nobody is asked', async () => {
	const {run, executed, events, recorder, approvals, parts} = await setUp({
		effect: 'command',
		permission: {kind: 'ask'},
	});
	const running = run(call, 1);
	await until(() => recorder.state.approvals.size === 1);
	const session = {subtask: 'a', attempt: 1};
	recorder.emit({type: 'turn-interrupted', agent: 'teammate-1', ...session, turn: 1});
	parts.turns.of('teammate-1')?.interrupt();
	const text = 'Not run: the person interrupted this turn.';
	expect(await running).toEqual({ok: false, text, changed: false});
	expect(await run({...call, id: 'c2'}, 1)).toMatchObject({ok: false, text});
	expect(executed).toEqual([]);
	expect(openApprovals(recorder.state)).toEqual([]);
	expect(
		approvals.decide('call-1', {decision: 'approve', scope: 'once', origin: 'person'}),
	).toContain('no longer open');
	expect(events.filter(({type}) => type === 'tool-call-finished')).toMatchObject([
		{call: 'c1', ok: false, interrupted: true},
		{call: 'c2', ok: false, interrupted: true},
	]);

	// The same call in a later turn is a new request.
	void run({...call, id: 'c3'}, 2);
	await until(() => recorder.state.approvals.size === 2);
});

const written = 'a5a7b8e1'.padEnd(64, '0');

test('a write that a crash cut off is done only if the file does not hold it yet', async () => {
	const content = 'after';
	const {createHash} = await import('node:crypto');
	const after = createHash('sha256').update(content).digest('hex');
	const intent = {path: 'f', before: written, after};
	const started = {
		v: 1,
		seq: 2,
		time: '',
		run: 'r',
		epoch: 1,
		type: 'tool-call-started',
		agent: 'teammate-1',
		subtask: 'a',
		attempt: 1,
		call: 'c1',
		tool: 'tool',
		effect: 'write',
		summary: 'write f',
		intent,
	} as const;
	let writes = 0;
	const prepare = (): PreparedCall => ({
		summary: 'write f',
		intent,
		async execute() {
			writes += 1;
			return {ok: true, text: 'written', files: [{path: 'f', hash: after, written: true}]};
		},
	});
	const done = await setUp({
		effect: 'write',
		past: [started],
		file: content,
		prepare() {
			throw new FailureError('bad-call', 'the old text is not there any more');
		},
	});
	expect(await done.run(call, 1)).toMatchObject({ok: true, changed: true});
	expect(writes).toBe(0);
	expect(done.known.get('f')).toBe(after);
	const open = await setUp({effect: 'write', past: [started], file: 'before', prepare});
	await open.run(call, 1);
	expect(writes).toBe(1);
});

async function until(holds: () => boolean): Promise<void> {
	while (!holds()) {
		await new Promise(resolve => setImmediate(resolve));
	}
}
