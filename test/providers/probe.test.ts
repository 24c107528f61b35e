import {afterEach, expect, test} from 'vitest';
import {chooseModel} from '../../source/providers/choose-model.ts';
import {createProvider} from '../../source/providers/factory.ts';
import {createFetch} from '../../source/providers/fetch.ts';
import {testProvider, type ProbeStep} from '../../source/providers/probe.ts';
import {
	call,
	httpError,
	say,
	startModelServer,
	type ModelServer,
	type ModelServerOptions,
	type Script,
} from '../helpers/model-server.ts';

let server: ModelServer | undefined;
afterEach(async () => server?.close());

const start = async (script: Script, options: ModelServerOptions = {}) => {
	server = await startModelServer(script, options);
	return createProvider({type: 'ollama', baseUrl: server.url}, {fetch: createFetch()});
};

const options = () => {
	let time = 0;
	const steps: ProbeStep[] = [];
	return {
		signal: new AbortController().signal,
		now: () => (time += 10),
		onStep: (step: ProbeStep) => steps.push(step),
		steps,
	};
};

test('takes every step with the first model that can call tools', async () => {
	const provider = await start(({tools}) =>
		tools.length > 0 ? call('temperature', {city: 'Oslo'}) : say('Hello.'),
	);
	const watched = options();
	const result = await testProvider(provider, undefined, watched);
	expect(result).toMatchObject({type: 'ollama', model: 'test-model', ok: true});
	expect(result.steps).toMatchObject([
		{name: 'reach', outcome: 'ok', detail: 'version 0.30.1'},
		{name: 'models', outcome: 'ok', detail: '1 model, test-model among them'},
		{name: 'capabilities', outcome: 'ok', detail: expect.stringContaining('16384 tokens')},
		{name: 'answer', outcome: 'ok', detail: 'first token after 10 ms, 10 tokens in 20 ms more'},
		{name: 'tool-call', outcome: 'ok', detail: 'called temperature({"city":"Oslo"})'},
	]);
	expect(result.steps.every(({ms}) => ms >= 10)).toBe(true);
	expect(watched.steps).toEqual(result.steps);
});

test('warns about a model that is not listed and does not call the tool', async () => {
	const provider = await start(() => say('It is cold.'));
	const {ok, steps} = await testProvider(provider, 'unlisted', options());
	expect(ok).toBe(true);
	expect(steps.map(({outcome}) => outcome)).toEqual(['ok', 'warning', 'ok', 'ok', 'warning']);
});

test('ends with the step that failed', async () => {
	const provider = await start(() => httpError(401));
	const {ok, steps} = await testProvider(provider, 'test-model', options());
	expect(ok).toBe(false);
	expect(steps).toHaveLength(4);
	expect(steps[3]).toMatchObject({
		name: 'answer',
		outcome: 'failed',
		failure: {kind: 'auth', hint: 'set OLLAMA_API_KEY', status: 401},
	});
});

test('says how to start a server that is not there', async () => {
	const provider = await start(() => say('Never.'));
	await server?.close();
	const {ok, steps} = await testProvider(provider, undefined, options());
	server = undefined;
	expect(ok).toBe(false);
	expect(steps).toMatchObject([
		{name: 'reach', outcome: 'failed', failure: {kind: 'server-down', hint: 'run: ollama serve'}},
	]);
});

test('an abort ends it with an error', async () => {
	const controller = new AbortController();
	const provider = await start(() => {
		controller.abort();
		return say('Too late.');
	});
	const watched = {...options(), signal: controller.signal};
	await expect(testProvider(provider, 'test-model', watched)).rejects.toThrow(/abort/i);
});

test('a vendor has a default model, a server what it has loaded', async () => {
	const {signal} = new AbortController();
	const {url} = (server = await startModelServer(() => say(''), {models: ['small', 'large']}));
	const choose = async (type: 'anthropic' | 'lmstudio') => {
		const provider = await createProvider({type, baseUrl: url}, {fetch: createFetch()});
		return chooseModel(provider, {signal});
	};
	expect(await choose('anthropic')).toBe('claude-sonnet-5-5');
	expect(await choose('lmstudio')).toBe('small');
});

test('a server without a model that can call tools is no use', async () => {
	const {signal} = new AbortController();
	const provider = await start(() => say(''), {tools: false});
	await expect(chooseModel(provider, {signal})).rejects.toMatchObject({
		kind: 'model-missing',
		hint: 'run: ollama pull qwen3',
	});
});
