import {describe, expect, test} from 'vitest';
import {openApprovals} from '../../source/core/open-approvals.ts';
import type {EventOf, RunEvent} from '../../source/core/run-event.ts';
import type {OwnedRun} from '../../source/core/run.ts';
import {commandResult} from '../helpers/agent-parts.ts';
import {createWorld, worldPlan, type WorldOptions} from '../helpers/crash-world.ts';
import {resumeTestRun, startTestRun} from '../helpers/run-parts.ts';

/** Starts the run of a world that a person attends. */
async function startWorld(options: WorldOptions = {}, attended = true) {
	const world = createWorld(options);
	const {run, events, store} = await startTestRun({
		plan: worldPlan,
		parts: world.parts,
		settings: {attended},
	});
	return {world, run, events, store};
}

type Result = Omit<EventOf<'tool-call-finished'>, 'result'> & {readonly result: string};

/** The result of a call; texts here are short enough to stand in their events. */
function resultOf(events: readonly RunEvent[], call: number): Result | undefined {
	return events.flatMap(event =>
		event.type === 'tool-call-finished' &&
		event.call === `call-${call}` &&
		typeof event.result === 'string'
			? [{...event, result: event.result}]
			: [],
	)[0];
}

/** Does something once when a permission is waited for. */
function whenAsked(run: OwnedRun, act: (approval: string) => void): void {
	run.subscribe((event, state) => {
		const [request] = openApprovals(state);
		if (event.type === 'agent-waiting' && event.for === 'approval' && request) {
			act(request.id);
		}
	});
}

const [writeFile, makeCommand] = [2, 4] as const;

describe('a call', () => {
	test('of an undisturbed run has one intent and one result, neither cut off nor guessed', async () => {
		const {run, events} = await startWorld();
		await run.done;
		const calls = events.filter(({type}) => type.startsWith('tool-call'));
		expect(calls.map(({type}) => type)).toEqual(
			[1, 2, 3, 4, 5].flatMap(() => ['tool-call-started', 'tool-call-finished']),
		);
		for (const call of calls) {
			expect(call).not.toHaveProperty('interrupted');
			expect(call).not.toHaveProperty('recovered');
		}
	});

	test('is judged with its effect, its workspace and, of commands, the whole command line', async () => {
		const {run, world} = await startWorld();
		await run.done;
		expect(world.judged).toEqual([
			{effect: 'read', command: undefined, directory: '/work'},
			{effect: 'write', command: undefined, directory: '/work'},
			{effect: 'write', command: undefined, directory: '/work'},
			{effect: 'command', command: 'make', directory: '/work'},
			{effect: 'finish', command: undefined, directory: '/work'},
		]);
	});

	test('that fails is told to the model, and the attempt goes on', async () => {
		const {run, events} = await startWorld({
			guard: {
				async writeFile(path) {
					throw new Error(`${path}: the disk is write-protected`);
				},
			},
		});
		expect(await run.done).toMatchObject({outcome: 'completed', subtasks: [{attempts: 1}]});
		const result = resultOf(events, writeFile);
		expect(result).toMatchObject({ok: false, result: 'b.txt: the disk is write-protected'});
		expect(result).not.toHaveProperty('interrupted');
	});

	test('of a command that fails is told as it ended, not as cut off', async () => {
		const {run, events} = await startWorld({
			shell: async command => commandResult({exitCode: command === 'make' ? 2 : 0}),
		});
		expect(await run.done).toMatchObject({outcome: 'completed'});
		const result = resultOf(events, makeCommand);
		expect(result).toMatchObject({ok: false, result: expect.stringContaining('2')});
		expect(result?.result).not.toContain('interrupted');
		expect(result).not.toHaveProperty('interrupted');
	});
});

describe('a permission', () => {
	test.each([
		['command', 'make', '--permission all'],
		['write', 'write_file b.txt (1 line)', '--permission edits'],
	] as const)(
		'to %s that nobody can give stops the run, which says what would',
		async (asks, what, hint) => {
			const {run, world} = await startWorld({asks}, false);
			const report = await run.done;
			expect(report).toMatchObject({
				outcome: 'undecided',
				denied: [{what, by: 'nobody'}],
				reason: `a: no one could approve: ${what}`,
			});
			expect(report.next).toContain(hint);
			expect(world.order.effects()).not.toContain(asks === 'write' ? 'write b.txt' : 'run make');
		},
	);

	test('is asked for with all that it is about', async () => {
		const {run} = await startWorld({asks: 'write'});
		const subjects: unknown[] = [];
		whenAsked(run, approval => {
			subjects.push(run.state().approvals.get(approval)?.subject);
			void run.send({type: 'decide', approval, decision: 'approve', scope: 'once'});
		});
		expect(await run.done).toMatchObject({outcome: 'completed'});
		const same = {kind: 'tool', agent: 'teammate-1', subtask: 'a', attempt: 1, directory: '/work'};
		expect(subjects).toEqual([
			{
				...same,
				tool: 'write_file',
				summary: 'write_file b.txt (1 line)',
				detail: 'b.txt\n@@ -0,0 +1,1 @@\n+written\n',
				reason: 'A new file',
			},
			{
				...same,
				tool: 'edit_file',
				summary: 'edit_file a.txt (+1 −1)',
				detail: 'a.txt\n@@ -1,1 +1,1 @@\n-old\n+new\n',
				reason: 'Changes a part of the file',
			},
		]);
	});

	test.each([
		[undefined, 'The person did not allow this. Do it in another way.'],
		['use npm', 'The person did not allow this: use npm'],
	])('that a person refuses (%s) is told to the model', async (feedback, text) => {
		const {run, events, world} = await startWorld({asks: 'command'});
		whenAsked(run, approval => {
			void run.send({type: 'decide', approval, decision: 'reject', scope: 'once', feedback});
		});
		expect(await run.done).toMatchObject({outcome: 'completed'});
		expect(world.order.effects()).not.toContain('run make');
		const call = events.filter(event => 'call' in event && event.call === `call-${makeCommand}`);
		expect(call).toMatchObject([
			{type: 'tool-call-started', summary: 'run_command make'},
			{type: 'tool-call-finished', ok: false, result: text},
		]);
		expect(call[1]).not.toHaveProperty('interrupted');
	});

	test('counts no more when the turn is interrupted right after it was given', async () => {
		const {run, events, world} = await startWorld({asks: 'command'});
		whenAsked(run, approval => {
			void run.send({type: 'decide', approval, decision: 'approve', scope: 'once'});
			void run.send({type: 'interrupt', agent: 'teammate-1'});
			void run.send({type: 'message', to: 'teammate-1', text: 'leave it'});
		});
		expect(await run.done).toMatchObject({outcome: 'completed'});
		expect(world.order.effects()).not.toContain('run make');
		const call = events.filter(event => 'call' in event && event.call === `call-${makeCommand}`);
		expect(call).toMatchObject([
			{type: 'tool-call-started', summary: 'run_command make'},
			{type: 'tool-call-finished', ok: false, interrupted: true},
		]);
	});
});

test('a command that is cut off by the end of the process has no result: its attempt starts over', async () => {
	const {run, events, store} = await startWorld({
		async shell(command) {
			if (command === 'make') {
				run.stop('interrupted', 'stopped');
				return commandResult({exitCode: null, endedBy: 'abort'});
			}

			return commandResult();
		},
	});
	expect(await run.done).toMatchObject({outcome: 'interrupted'});
	expect(resultOf(events, makeCommand)).toBeUndefined();
	const {parts} = createWorld({files: {'a.txt': 'new\n', 'b.txt': 'written\n'}});
	const resumed = await resumeTestRun(store, {parts});
	expect(await resumed.run.done).toMatchObject({
		outcome: 'completed',
		subtasks: [{attempts: 2}],
	});
	expect(resumed.events.filter(({type}) => type === 'attempt-restarted')).toHaveLength(1);
});
