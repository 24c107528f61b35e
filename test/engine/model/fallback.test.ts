import {expect, test} from 'vitest';
import {FailureError, type FailureKind} from '../../../source/core/failure.ts';
import type {ModelTarget} from '../../../source/core/settings.ts';
import {
	callerOver,
	connectionTo,
	hello,
	providerThat,
	setUpCaller,
	type CallerOptions,
	type Say,
} from '../../helpers/model-calls.ts';

const request = {system: 's', messages: [{role: 'user', text: 'hi'}]} as const;
const second: ModelTarget = {provider: 'ollama', model: 'small'};
const third: ModelTarget = {provider: 'anthropic', model: 'big'};

/** A caller whose three targets answer as they are told, by the name of the provider. */
async function setUp(says: Readonly<Record<string, Say>>, options: CallerOptions = {}) {
	const providers = new Map(
		Object.entries(says).map(([name, say]) => [
			name,
			providerThat(say, {endpoint: `http://${name}`}),
		]),
	);
	const all: CallerOptions = {
		...options,
		profile: {fallbacks: [second, third], ...options.profile},
		async connect({provider, model}) {
			const found = providers.get(provider);
			if (!found) {
				throw new Error(`nobody expected ${provider}`);
			}
			return connectionTo(found.provider, {model});
		},
	};
	const caller = await setUpCaller(() => hello, all);
	const callsOf = (name: string) => providers.get(name)?.calls() ?? 0;
	return {...caller, callsOf, all};
}

const failing =
	(kind: FailureKind, message: string = kind) =>
	() =>
		new FailureError(kind, message);

test.each(['auth', 'quota', 'model-missing', 'server-down'] as const)(
	'after %s the next target is asked at once, and the log says so',
	async kind => {
		const {call, events, callsOf, recorder} = await setUp({
			openai: failing(kind, 'it is over'),
			ollama: () => hello,
		});
		expect(await call(request, 1)).toEqual(hello);
		expect(callsOf('openai')).toBe(1);
		expect(events.filter(({type}) => type === 'model-switched')).toMatchObject([
			{
				agent: 'teammate-1',
				subtask: 'a',
				turn: 1,
				from: {provider: 'openai', model: 'm'},
				to: second,
				failure: {kind, message: 'it is over'},
			},
		]);
		expect(recorder.state.agents.get('teammate-1')).toMatchObject(second);
	},
);

test('what may pass is tried again first, and only then somebody else', async () => {
	const {call, callsOf} = await setUp({openai: failing('transient'), ollama: () => hello});
	await call(request, 1);
	expect(callsOf('openai')).toBe(4);
	expect(callsOf('ollama')).toBe(1);
});

test('where somebody else can answer, nobody waits for minutes', async () => {
	const slow = new FailureError('rate-limit', 'slow down', {retryAfterMs: 60_000});
	const {call, waits} = await setUp({openai: () => slow, ollama: () => hello});
	await call(request, 1);
	expect(waits).toEqual([]);
});

test('the agent stays with the one that answered, and others do not ask the broken one again', async () => {
	const {call, callsOf, models, recorder, all} = await setUp({
		openai: failing('quota'),
		ollama: () => hello,
	});
	await call(request, 1);
	await call({...request, system: 'next'}, 2);
	expect(callsOf('openai')).toBe(1);
	const other = await callerOver(recorder, providerThat(() => hello).provider, {...all, models});
	await other.call({...request, system: 'other'}, 3);
	expect(callsOf('openai')).toBe(1);
	expect(callsOf('ollama')).toBe(3);
});

test('targets are asked in their order, and the last failure is the one that counts', async () => {
	const {call, events} = await setUp({
		openai: failing('auth'),
		ollama: failing('server-down'),
		anthropic: failing('quota', 'nothing is left'),
	});
	await expect(call(request, 1)).rejects.toMatchObject({
		kind: 'quota',
		message: 'nothing is left. Before that: auth. server-down.',
	});
	expect(events.filter(({type}) => type === 'model-switched')).toMatchObject([
		{to: second},
		{from: second, to: third},
	]);
});

test('a request that one provider rejects goes to the next, which may accept it', async () => {
	const {call, callsOf} = await setUp({openai: failing('bad-request'), ollama: () => hello});
	expect(await call(request, 1)).toEqual(hello);
	expect([callsOf('openai'), callsOf('ollama')]).toEqual([1, 1]);
});

test.each(['content-filtered', 'context-overflow', 'empty-answer'] as const)(
	'%s is about the work, and no reason to ask somebody else',
	async kind => {
		const {call, callsOf} = await setUp({openai: failing(kind), ollama: () => hello});
		await expect(call(request, 1)).rejects.toMatchObject({kind});
		expect(callsOf('ollama')).toBe(0);
	},
);

test('an answer that is logged is given again, whoever gave it, without anybody being asked', async () => {
	const first = await setUp({openai: failing('auth'), ollama: () => hello});
	await first.call(request, 1);
	const again = await callerOver(first.recorder, providerThat(() => hello).provider, {
		past: first.events,
		connect() {
			throw new Error('nobody is there');
		},
	});
	expect(await again.call(request, 1)).toEqual(hello);
});

test('a server that loads its model is waited for half a minute where another could be asked', async () => {
	const {call, waits, callsOf} = await setUp({
		openai: failing('server-loading'),
		ollama: () => hello,
	});
	expect(await call(request, 1)).toEqual(hello);
	expect(callsOf('ollama')).toBe(1);
	const waited = waits.reduce((sum, ms) => sum + ms, 0);
	expect(waited).toBeGreaterThan(20_000);
	expect(waited).toBeLessThanOrEqual(30_000);
});

test('where another agent was asked for a long pause, an agent with a fallback does not wait for it', async () => {
	const slow = new FailureError('rate-limit', 'slow down', {retryAfterMs: 600_000});
	const {call, parts, callsOf, recorder, all} = await setUp({
		openai: () => slow,
		ollama: () => hello,
	});
	await call(request, 1);
	const other = await callerOver(recorder, providerThat(() => hello).provider, {
		...all,
		endpoints: parts.endpoints,
	});
	await other.call({...request, system: 'other'}, 2);
	expect(other.waits).toEqual([]);
	expect(callsOf('openai')).toBe(1);
});

test('a fallback that differs in its headers alone is somebody else', async () => {
	let keys = 0;
	const {provider} = providerThat(() => (keys++ === 0 ? new FailureError('auth', 'no') : hello));
	const {call, events} = await setUpCaller(() => hello, {
		profile: {fallbacks: [{provider: 'openai', model: 'm', headers: {'X-Key': 'b'}}]},
		connect: async () => connectionTo(provider),
	});
	await call(request, 1);
	await call({...request, system: 'next'}, 2);
	expect(keys).toBe(3);
	expect(events.filter(({type}) => type === 'model-switched')).toHaveLength(1);
});

test('a resumed agent goes on with the fallback it had', async () => {
	const first = await setUp({openai: failing('transient'), ollama: () => hello});
	await first.call(request, 1);
	const openai = providerThat(() => hello, {endpoint: 'http://openai'});
	const ollama = providerThat(() => hello, {endpoint: 'http://ollama'});
	const again = await callerOver(first.recorder, openai.provider, {
		...first.all,
		past: first.events,
		connect: async ({provider, model}) =>
			connectionTo(provider === 'openai' ? openai.provider : ollama.provider, {model}),
	});
	await again.call(request, 1);
	await again.call({...request, system: 'next'}, 2);
	expect(openai.calls()).toBe(0);
	expect(ollama.calls()).toBe(1);
});
