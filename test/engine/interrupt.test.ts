import {describe, expect, test} from 'vitest';
import type {ChatRequest} from '../../source/core/chat.ts';
import type {RunEvent} from '../../source/core/run-event.ts';
import type {OwnedRun, Run} from '../../source/core/run.ts';
import type {Dispatcher} from '../../source/engine/attempt/attempt-context.ts';
import type {RunParts} from '../../source/engine/run-parts.ts';
import {createMemoryStore} from '../../source/store/memory/store.ts';
import type {Store} from '../../source/store/store.ts';
import {
	answering,
	commandResult,
	createAgentParts,
	untilCut,
	type Model,
	type Shell,
} from '../helpers/agent-parts.ts';
import {crashedStore} from '../helpers/crashed-store.ts';
import {remoteDispatcher} from '../helpers/remote-dispatcher.ts';
import {planOf, resumeTestRun, startTestRun, subtask} from '../helpers/run-parts.ts';

describe.each([
	['in this process', (dispatch: Dispatcher) => dispatch],
	['in another process', remoteDispatcher],
] as const)('an attempt %s', (_, between) => {
	const plan = planOf({subtasks: [subtask('a', {checks: ['check']})]});
	const agent = 'teammate-1';
	const settings = {permission: 'all'} as const;

	/**
	 * A person who ends whatever hangs, and says how to go on when the agent waits for it: first a call
	 * of the model hangs, then a command, then a check.
	 */
	function stubbornTeam(run: () => OwnedRun) {
		const words = () => run().state().messages.size;
		const asked: ChatRequest[] = [];
		const hang = async (signal: AbortSignal) => {
			expect(await run().send({type: 'interrupt', agent})).toEqual({kind: 'taken'});
			return untilCut(signal);
		};
		const model: Model = async (request, signal) => {
			asked.push(request);
			const said = request.messages.filter(({role}) => role === 'assistant').length;
			if (said === 0 && words() === 0) {
				return hang(signal);
			}

			switch (said) {
				case 0:
					return answering([
						['look-1', 'around'],
						['shell-1', 'sleep'],
						['look-2', 'again'],
					]);
				case 1:
					return answering([['look-3', 'closely']]);
				default:
					return answering([[`finish-${said}`, 'done']]);
			}
		};
		const shell: Shell = async (command, signal) => {
			if ((command === 'sleep' && words() < 2) || (command === 'check' && words() < 3)) {
				await hang(signal).catch(() => undefined);
				return commandResult({exitCode: null, endedBy: 'abort', output: 'half'});
			}

			return commandResult();
		};
		return {parts: createAgentParts(model, shell, {}, between), asked};
	}

	function speakWhenAwaited(run: Run): void {
		run.subscribe((event, state) => {
			if (event.type === 'agent-waiting' && event.for === 'message') {
				const text = `word ${state.messages.size + 1}`;
				void run.send({type: 'message', to: agent, text});
			}
		});
	}

	async function play(start: (parts: ReturnType<typeof stubbornTeam>) => Promise<{run: OwnedRun}>) {
		const team = stubbornTeam(() => run);
		const {run} = await start(team);
		speakWhenAwaited(run);
		return {report: await run.done, asked: team.asked, run};
	}

	async function playWhole(): Promise<
		{store: Store; events: readonly RunEvent[]} & Awaited<ReturnType<typeof play>>
	> {
		const store = createMemoryStore({redact: text => text});
		const played = await play(async ({parts}) => startTestRun({store, plan, parts, settings}));
		return {...played, store, events: (await store.read('test-run')).events};
	}

	test('an interruption ends the call, command or check under way, and the agent goes on as it is told', async () => {
		const {report, asked, events, run} = await playWhole();
		expect(report.outcome).toBe('completed');
		expect(events.filter(({type}) => type === 'turn-interrupted')).toMatchObject([
			{agent, subtask: 'a', attempt: 1, turn: 1},
			{turn: 2},
			{turn: 4},
		]);
		expect(events.filter(({type}) => type === 'model-call-failed')).toMatchObject([
			{failure: {kind: 'cancelled'}, try: 1},
		]);
		expect(events.find(({type}) => type === 'model-call-failed')).not.toHaveProperty('retryInMs');
		expect(run.state().usage.total.calls).toBe(events.filter(isAnswered).length + 1);
		expect(asked.at(-1)?.messages.slice(1).map(described)).toEqual([
			'user: The person you work for interrupted your last turn',
			'user: Message from the person you work for:|word 1',
			'assistant',
			'tool: look: around',
			'tool: Ended: the person interrupted this turn.|abort half',
			'tool: Not run: the person interrupted this turn.',
			'user: The person you work for interrupted your last turn',
			'user: Message from the person you work for:|word 2',
			'assistant',
			'tool: look: closely',
			'assistant',
			'tool: Not all checks have run: the person interrupted this turn.||The check `check` is red (the person interrupted this turn):|half',
			'user: The person you work for interrupted your last turn',
			'user: Message from the person you work for:|word 3',
		]);
	});

	test('wherever a crash cuts it off, it comes to the same end: nothing is told twice, no answer paid twice', async () => {
		const {store, events, asked} = await playWhole();
		const last = asked.at(-1)?.messages.map(described);
		for (let count = 1; count < events.length - 1; count += 1) {
			const crashed = await crashedStore(store, events, count);
			const played = await play(async ({parts}) => resumeTestRun(crashed, {plan, parts, settings}));
			const after = `after ${count} events (${events[count - 1]?.type})`;
			expect(played.report.outcome, after).toBe('completed');
			const all = (await crashed.read('test-run')).events;
			const delivered = all.flatMap(event =>
				event.type === 'message-delivered' ? [`${event.message} ${event.turn}`] : [],
			);
			expect(delivered, after).toEqual(['m1 2', 'm2 3', 'm3 5']);
			const turns = all.flatMap(event => (event.type === 'turn-interrupted' ? [event.turn] : []));
			expect(turns, after).toEqual([1, 2, 4]);
			const sleeps = all.filter(
				event => event.type === 'tool-call-finished' && event.call === 'shell-1',
			);
			const cut = sleeps.map(event => 'interrupted' in event && event.interrupted);
			expect(new Set(cut), after).toEqual(new Set([true]));
			const paid = all.flatMap(event =>
				event.type === 'model-call-finished' ? [event.request] : [],
			);
			expect(new Set(paid).size, after).toBe(paid.length);
			if (!all.some(({type}) => type === 'attempt-restarted') && played.asked.length > 0) {
				expect(played.asked.at(-1)?.messages.map(described), after).toEqual(last);
			}
		}
	});

	test('a check that was interrupted is not run again before the person has spoken, crash or not', async () => {
		const store = createMemoryStore({redact: text => text});
		const checks: string[] = [];
		const playOn = async (start: (parts: Partial<RunParts>) => Promise<{run: OwnedRun}>) => {
			const model: Model = async ({messages}) => answering([[`finish-${messages.length}`, 'done']]);
			const shell: Shell = async (command, signal) => {
				const word = run.state().messages.size;
				checks.push(`${command} after ${word} words`);
				if (word === 0) {
					await run.send({type: 'interrupt', agent});
					await untilCut(signal).catch(() => undefined);
					return commandResult({exitCode: null, endedBy: 'abort'});
				}

				return commandResult();
			};
			const {run} = await start(createAgentParts(model, shell, {}, between));
			speakWhenAwaited(run);
			return run.done;
		};
		const first = await playOn(async parts => startTestRun({store, plan, parts, settings}));
		expect(first.outcome).toBe('completed');
		expect(checks).toEqual(['check after 0 words', 'check after 1 words']);

		const {events} = await store.read('test-run');
		const moment = events.findIndex(({type}) => type === 'turn-interrupted');
		const crashed = await crashedStore(store, events, moment + 1);
		checks.length = 0;
		const second = await playOn(async parts => resumeTestRun(crashed, {plan, parts, settings}));
		expect(second.outcome).toBe('completed');
		expect(checks).toEqual(['check after 1 words']);
	});

	test('only the turn of the agent ends: the others are not disturbed', async () => {
		const held = Promise.withResolvers<void>();
		const model: Model = async (request, signal) => {
			const first = JSON.stringify(request.messages).includes('do a');
			if (first && !JSON.stringify(request.messages).includes('word')) {
				void run.send({type: 'interrupt', agent});
				return untilCut(signal);
			}

			if (!first) {
				await held.promise;
				expect(signal.aborted).toBe(false);
			}

			return answering([['finish-1', 'done']]);
		};
		const {run} = await startTestRun({
			plan: planOf({subtasks: [subtask('a'), subtask('b')]}),
			parts: createAgentParts(model, async () => commandResult()),
		});
		const waiting = Promise.withResolvers<void>();
		run.subscribe(({type}) => {
			if (type === 'agent-waiting') {
				waiting.resolve();
			}
		});
		await waiting.promise;
		expect(run.state().agents.get(agent)).toMatchObject({
			activity: 'waiting',
			waitsFor: 'message',
			detail: 'you interrupted it; send a message to continue',
			subtask: 'a',
		});
		expect(await run.send({type: 'interrupt', agent})).toEqual({
			kind: 'refused',
			reason: 'teammate-1 is already interrupted and waiting for a message from you',
		});
		expect(await run.send({type: 'interrupt', agent: 'teammate-3'})).toEqual({
			kind: 'refused',
			reason: 'teammate-3 is idle',
		});
		expect(await run.send({type: 'interrupt', agent: 'a'})).toMatchObject({
			kind: 'refused',
			reason: expect.stringContaining('the agents are: lead, teammate-1'),
		});
		held.resolve();
		// A message to the subtask is one to whoever works on it.
		await run.send({type: 'message', to: 'a', text: 'word'});
		expect((await run.done).outcome).toBe('completed');
		expect(run.state().subtasks.get('b')?.attempt).toBe(1);
	});

	test.each(['subtask', 'run', 'pause'] as const)(
		'an agent that waits for a word can still be stopped: %s',
		async what => {
			const model: Model = async ({messages}, signal) => {
				if (messages.length > 1) {
					return answering([['finish-1', 'done']]);
				}

				void run.send({type: 'interrupt', agent});
				return untilCut(signal);
			};
			const {run} = await startTestRun({
				plan: planOf({subtasks: [subtask('a')]}),
				parts: createAgentParts(model, async () => commandResult()),
			});
			const reasons: string[] = [];
			run.subscribe(event => {
				if (event.type !== 'agent-waiting') {
					return;
				}

				reasons.push(event.for);
				if (event.for === 'paused') {
					void run.send({type: 'unpause'});
				} else if (what === 'pause') {
					void run.send({type: 'pause'});
					void run.send({type: 'message', to: agent, text: 'go on'});
				} else {
					void run.send({type: 'cancel', ...(what === 'subtask' ? {subtask: 'a'} : {})});
				}
			});
			const outcomes = {subtask: 'failed', run: 'cancelled', pause: 'completed'} as const;
			expect((await run.done).outcome).toBe(outcomes[what]);
			expect(reasons).toEqual(what === 'pause' ? ['message', 'paused'] : ['message']);
			const activities = [...run.state().agents.values()].map(({activity}) => activity);
			expect(new Set(activities)).toEqual(new Set(['idle']));
		},
	);

	function described(message: ChatRequest['messages'][number]): string {
		if (message.role === 'assistant') {
			return message.role;
		}

		const text = message.text.split('; what had begun', 1)[0] ?? '';
		return `${message.role}: ${text.replaceAll('\n', '|')}`;
	}

	function isAnswered({type}: RunEvent): boolean {
		return type === 'model-call-finished';
	}
});
