import {setImmediate} from 'node:timers/promises';
import {describe, expect, test, vi} from 'vitest';
import type {RunEventBody} from '../../source/core/run-event.ts';
import {defaultRunSettings} from '../../source/core/settings.ts';
import {openAttemptSession, type RunKind} from '../../source/session/run-session.ts';
import {placed, sampleReport} from '../core/every-event.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';
import {begun, decided, literalReplay, literalRun, planning, proposed} from '../helpers/ui-run.ts';
import {patience} from '../helpers/patience.ts';

const working: readonly RunEventBody[] = [
	...planning({teammates: ['alice', 'bob']}),
	...proposed(planOf({subtasks: [subtask('api'), subtask('ui')]})),
	decided('p1'),
	...begun('api', 'alice'),
];
const scope = {agent: 'alice', subtask: 'api', attempt: 1};
const blob = {blob: 'ab'.repeat(32), bytes: 9_000};

function started(summary: string, agent = 'alice'): RunEventBody {
	return {
		type: 'tool-call-started',
		...scope,
		agent,
		call: summary,
		tool: 'read_file',
		effect: 'read',
		summary: `read_file ${summary}`,
	};
}

function answered(text: string | typeof blob): RunEventBody {
	return {type: 'tool-call-finished', ...scope, call: 't1', ok: true, result: text, durationMs: 1};
}

const failed: RunEventBody = {
	type: 'attempt-failed',
	...scope,
	failure: {kind: 'check-failed', message: 'red'},
	strategy: 'retry',
};

async function open(source: RunKind) {
	let changes = 0;
	const session = openAttemptSession(source, {
		changed() {
			changes += 1;
		},
		readDiff: async (run, {commit}) => `diff of ${commit} in ${run}`,
	});
	await session.load();
	await setImmediate();
	return {session, changes: () => changes, log: (agent: string) => session.logOf(agent).text()};
}

describe('a run that is looked at', () => {
	test('brings into the logs what happened before, each where it belongs', async () => {
		const run = literalRun({past: [...working, started('a.ts'), started('b.ts', 'bob')]});
		const {log} = await open({kind: 'own', run});
		expect(log('lead')).toContain('plan');
		expect(log('alice')).toContain('a.ts');
		expect(log('alice')).not.toContain('b.ts');
		expect(log('bob')).toContain('b.ts');
	});

	test('brings what agents said in its place', async () => {
		const answer = {
			type: 'model-call-finished',
			...scope,
			call: 'c1',
			request: 'r',
			model: 'm',
			answer: '',
			stopReason: 'end',
			usage: {
				input: 1,
				output: 1,
				cacheRead: null,
				cacheWrite: null,
				reasoning: null,
				estimated: false,
			},
			durationMs: 1,
		} as const;
		const {time} = placed({type: 'run-unpaused'}, working.length + 1);
		const run = literalRun({
			past: [...working, started('a.ts'), answer, started('b.ts')],
			transcripts: {alice: [{time, kind: 'text', text: 'I look at b now.'}]},
		});
		const {log} = await open({kind: 'attached', run});
		expect(log('alice')).toMatch(/a\.ts[^]*I look at b now\.[^]*b\.ts/);
	});

	test('goes on with what happens, and says that something did', async () => {
		const run = literalRun({past: working});
		const {session, changes, log} = await open({kind: 'own', run});
		const before = changes();
		run.tell(started('c.ts'));
		run.say({agent: 'alice', kind: 'text', text: 'hello'});
		expect(log('alice')).toMatch(/c\.ts[^]*hello/);
		expect(changes()).toBeGreaterThan(before);
		session.close();
		run.tell(started('d.ts'));
		run.say({agent: 'alice', kind: 'text', text: 'bye'});
		expect(log('alice')).not.toMatch(/d\.ts|bye/);
	});

	test('tells no event twice and none too late that happens while the past is read', async () => {
		const run = literalRun({past: working});
		const past = Promise.withResolvers<void>();
		const slow = {
			...run,
			async events() {
				await past.promise;
				return run.events();
			},
		};
		const session = openAttemptSession(
			{kind: 'own', run: slow},
			{changed: () => undefined, readDiff: async () => ''},
		);
		const loading = session.load();
		run.tell(started('a.ts'));
		run.tell(started('b.ts'));
		past.resolve();
		await loading;
		const text = session.logOf('alice').text();
		expect(text.match(/a\.ts/g)).toHaveLength(1);
		expect(text).toMatch(/a\.ts[^]*b\.ts/);
	});

	test('goes on with what happens also when its past cannot be read', async () => {
		const run = literalRun({past: working});
		const broken = {
			...run,
			async events(): Promise<never> {
				throw new Error('the log is damaged');
			},
		};
		const session = openAttemptSession(
			{kind: 'attached', run: broken},
			{changed: () => undefined, readDiff: async () => ''},
		);
		const loading = session.load();
		run.tell(started('a.ts'));
		await expect(loading).rejects.toThrow('the log is damaged');
		run.tell(started('b.ts'));
		await vi.waitFor(() => {
			expect(session.logOf('alice').text()).toMatch(/a\.ts[^]*b\.ts/);
		}, patience);
	});

	test('shows the text of a long result that has to be read first', async () => {
		const run = literalRun({past: working, read: async () => 'the whole result'});
		const {log} = await open({kind: 'own', run});
		run.tell(started('t1'), answered(blob), started('after'));
		expect(log('alice')).not.toContain('after');
		await setImmediate();
		expect(log('alice')).toMatch(/the whole result[^]*after/);
	});

	test('does not show what the lead says while it plans: that is the plan, as JSON', async () => {
		const run = literalRun({past: planning()});
		const {log} = await open({kind: 'own', run});
		run.say({agent: 'lead', kind: 'text', text: '{"subtasks": []}'});
		run.say({agent: 'lead', kind: 'thinking', text: 'hm, what to do'});
		expect(log('lead')).not.toContain('subtasks');
		expect(log('lead')).toContain('hm, what to do');
	});

	test('keeps failures until they were seen', async () => {
		const run = literalRun({past: [...working, failed]});
		const {session} = await open({kind: 'own', run});
		expect(session.failures.unseen().map(({subtask}) => subtask)).toEqual(['api']);
	});

	test('reads texts and diffs when they are asked for', async () => {
		const run = literalRun({past: working, read: async () => 'long text'});
		const {session} = await open({kind: 'own', run});
		expect(session.read('short')).toBe('short');
		expect(session.read(blob)).toBeUndefined();
		const change = {commit: 'c1', base: 'b0', files: []};
		expect(session.diffOf(change)).toBeUndefined();
		await setImmediate();
		expect(session.read(blob)).toBe('long text');
		expect(session.diffOf(change)).toBe('diff of c1 in r1');
	});
});

describe('what was done to a run after its end', () => {
	const delivered: readonly RunEventBody[] = [
		...working,
		{
			type: 'model-call-failed',
			...scope,
			call: 'c1',
			failure: {kind: 'stalled', message: ''},
			try: 1,
			usage: {
				input: 1,
				output: 1,
				cacheRead: null,
				cacheWrite: null,
				reasoning: null,
				estimated: false,
			},
		},
		{type: 'delivery-started', mode: 'apply', head: 'm1', paths: []},
		{type: 'delivery-finished', mode: 'apply', files: ['a', 'b']},
		{type: 'run-finished', report: {...sampleReport, outcome: 'completed', next: 'undo it'}},
	];
	/** A run of this process whose log another writer goes on with. */
	const openEnded = async (later: readonly RunEventBody[]) => {
		const run = literalRun({past: delivered});
		const log = [...delivered, ...later].map((body, index) => placed(body, index + 1));
		return open({kind: 'own', run: {...run, events: async (after = 0) => log.slice(after)}});
	};

	test('is learnt from the log, once', async () => {
		const undo: RunEventBody = {type: 'undo-finished', files: ['a', 'b'], kept: []};
		const {session} = await openEnded([{type: 'undo-started', paths: []}, undo]);
		expect(session.state().delivery?.undone).toBe(false);
		await Promise.all([session.catchUp(), session.catchUp()]);
		expect(session.state().delivery?.undone).toBe(true);
		expect(session.state().seq).toBe(delivered.length + 2);
		expect(session.state().report?.next).toBeUndefined();
		expect(session.state().usage.total.calls).toBe(1);
	});

	test('is nothing of what another process does that has resumed it', async () => {
		const {session} = await openEnded([
			{type: 'run-resumed', settings: defaultRunSettings, program: 'x'},
		]);
		await session.catchUp();
		expect(session.state().report).toBeDefined();
	});

	test('is not looked for while it goes on', async () => {
		const run = literalRun({past: working});
		const {session} = await open({kind: 'own', run});
		const later = {...run, events: async () => [placed(failed, 99)]};
		const live = await open({kind: 'own', run: later});
		await live.session.catchUp();
		expect(session.state().seq).toBe(working.length);
	});
});

test('failures that were looked at in another view of the run do not come back', async () => {
	const first = await open({kind: 'own', run: literalRun({past: [...working, failed]})});
	expect(first.session.failures.unseen()).toHaveLength(1);
	first.session.failures.markSeen({subtask: 'api'});
	const run = literalRun({past: [...working, failed]});
	const again = openAttemptSession(
		{kind: 'own', run},
		{
			changed: () => undefined,
			readDiff: async () => '',
			seenFailures: first.session.failures.seen(),
		},
	);
	await again.load();
	expect(again.failures.unseen()).toEqual([]);
	run.tell(failed);
	expect(again.failures.unseen().map(({seq}) => seq)).toEqual([working.length + 2]);
});

describe('a jump in a replay', () => {
	test('fills the logs with what happened up to there, and nothing else', async () => {
		const replay = literalReplay({past: [...working, failed, started('late.ts')]});
		const {session, log} = await open({kind: 'replay', run: replay});
		expect(log('alice')).toContain('late.ts');
		const past = await replay.events();
		replay.reset(past.slice(0, working.length));
		expect(log('alice')).toContain('api');
		expect(log('alice')).not.toContain('late.ts');
		expect(session.failures.unseen()).toEqual([]);
		replay.reset(past);
		expect(log('alice')).toContain('late.ts');
	});

	test('is not disturbed by a text that was being read for another place', async () => {
		const text = Promise.withResolvers<string>();
		const replay = literalReplay({past: working, read: async () => text.promise});
		const {log} = await open({kind: 'replay', run: replay});
		replay.tell(started('t1'), answered(blob), started('late.ts'));
		const past = await replay.events();
		replay.reset(past.slice(0, working.length));
		text.resolve('the whole result');
		await setImmediate();
		expect(log('alice')).toContain('api');
		expect(log('alice')).not.toMatch(/late\.ts|the whole result/);
	});
});
