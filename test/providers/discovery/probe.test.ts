import {describe, expect, onTestFinished, test} from 'vitest';
import {failureKinds} from '../../../source/core/failure.ts';
import {chooseModel} from '../../../source/providers/discovery/choose-model.ts';
import {createProvider} from '../../../source/providers/factory.ts';
import {createFetch} from '../../../source/providers/transport/fetch.ts';
import {testProvider, type ProbeStep} from '../../../source/providers/discovery/probe.ts';
import {ProviderError, type Provider} from '../../../source/providers/provider.ts';
import {
	answerJson,
	call,
	httpError,
	raw,
	say,
	startModelServer,
	type ModelServerOptions,
	type Script,
} from '../../helpers/model-server.ts';
import {eventStream} from '../local/local-provider.ts';

const startServer = async (script: Script, options: ModelServerOptions = {}) => {
	const server = await startModelServer(script, options);
	onTestFinished(async () => server.close());
	return server;
};

const startAs = async (
	type: 'ollama' | 'llama-server' | 'lmstudio' | 'openai',
	script: Script,
	options: ModelServerOptions = {},
) => {
	const {url} = await startServer(script, options);
	return createProvider({type, baseUrl: url}, {fetch: createFetch()});
};

const start = async (script: Script, options: ModelServerOptions = {}) =>
	startAs('ollama', script, options);

const options = (signal: AbortSignal = new AbortController().signal) => {
	let time = 0;
	const steps: ProbeStep[] = [];
	const begun: string[] = [];
	return {
		signal,
		now: () => (time += 10),
		onStart: (name: string) => begun.push(name),
		onStep: (step: ProbeStep) => steps.push(step),
		steps,
		begun,
	};
};

/** A model that does what it is asked. */
const able: Script = ({tools, schema}) => {
	if (schema) {
		return answerJson({city: 'Oslo', country: 'Norway'});
	}

	return tools.length > 0 ? call('temperature', {city: 'Oslo'}) : say('Hello.');
};

const outcomes = (steps: readonly ProbeStep[]) =>
	steps.map(({name, outcome}) => `${name} ${outcome}`);

test.each([404, 405])(
	'a server without a list of models (%d) is tried all the same with the model that is named',
	async status => {
		const pages = {'/v1/models': {status, body: {detail: 'Not Found'}}};
		const provider = await startAs('openai', able, {pages});
		const {ok, steps} = await testProvider(provider, 'test-model', options());
		expect(ok).toBe(true);
		expect(steps).toMatchObject([
			{name: 'reach', outcome: 'warning', detail: 'it responds, but has no model list'},
			{name: 'authenticate', outcome: 'warning'},
			{name: 'models', outcome: 'warning', skipped: true},
			{name: 'capabilities', outcome: 'ok'},
			{name: 'answer', outcome: 'ok'},
			{name: 'tool-call', outcome: 'ok'},
			{name: 'structured', outcome: 'ok'},
		]);
	},
);

test.each([
	[402, 'quota'],
	[429, 'rate-limit'],
	[500, 'transient'],
	[503, 'overloaded'],
])('a failure to list models is what it is in a run: %d is %s', async (status, kind) => {
	const pages = {'/v1/models': {status, body: {error: {message: 'm'}}}};
	const provider = await startAs('openai', able, {pages});
	const {steps} = await testProvider(provider, 'test-model', options());
	expect(steps).toMatchObject([{name: 'reach', outcome: 'failed', failure: {kind, status}}]);
});

test('takes every step with the first model that can call tools', async () => {
	const provider = await start(able, {contextTokens: 8192});
	const watched = options();
	const result = await testProvider(provider, undefined, watched);
	expect(result).toMatchObject({type: 'ollama', model: 'test-model', ok: true});
	expect(result.steps).toMatchObject([
		{name: 'reach', outcome: 'ok', detail: 'version 0.30.1'},
		{name: 'authenticate', outcome: 'ok'},
		{name: 'models', outcome: 'ok', detail: '1 model, including test-model'},
		{name: 'capabilities', outcome: 'ok', detail: expect.stringContaining('8192 tokens')},
		{
			name: 'answer',
			outcome: 'ok',
			detail: 'first token after 10 ms, 10 tokens, 500.0 tokens/s',
			firstTokenMs: 10,
			tokensPerSecond: 500,
		},
		{name: 'tool-call', outcome: 'ok', detail: 'called temperature({"city":"Oslo"})'},
		{name: 'structured', outcome: 'ok', detail: 'answered {"city":"Oslo","country":"Norway"}'},
	]);
	expect(result.steps.every(({ms}) => ms >= 10)).toBe(true);
	expect(watched.steps).toEqual(result.steps);
	expect(watched.begun).toEqual(result.steps.map(({name}) => name));
});

test('takes the speed from a server that measures it', async () => {
	const text = {choices: [{delta: {content: 'Hello.'}, finish_reason: 'stop'}]};
	const provider = await startAs('llama-server', request =>
		request.tools.length > 0 || request.schema
			? able(request)
			: raw(
					eventStream([text, {choices: [], timings: {predicted_per_second: 33.25}}]),
					'text/event-stream',
				),
	);
	const {steps} = await testProvider(provider, 'test-model', options());
	expect(steps[4]).toMatchObject({name: 'answer', tokensPerSecond: 33.25});
});

describe('a model that is not what agents need', () => {
	test('is warned about, with what it means for a team', async () => {
		const provider = await start(() => say('It is cold.'));
		const {ok, steps} = await testProvider(provider, 'tset-model', options());
		expect(ok).toBe(true);
		expect(outcomes(steps)).toEqual([
			'reach ok',
			'authenticate ok',
			'models warning',
			'capabilities warning',
			'answer ok',
			'tool-call warning',
			'structured warning',
		]);
		expect(steps[2]).toMatchObject({
			hint: 'run: ollama pull tset-model, or use an available one: test-model',
		});
		expect(steps[5]).toMatchObject({detail: expect.stringContaining('slower and less reliable')});
		expect(steps[6]).toMatchObject({detail: expect.stringContaining('not JSON')});
	});

	test('is tried all the same when the server does not list it, but not described', async () => {
		const provider = await start(able);
		const {ok, steps} = await testProvider(provider, 'alias', options());
		expect(ok).toBe(true);
		expect(steps[3]).toMatchObject({
			name: 'capabilities',
			outcome: 'warning',
			skipped: true,
			detail: 'skipped: the server does not list alias',
		});
		expect(outcomes(steps.slice(4))).toEqual(['answer ok', 'tool-call ok', 'structured ok']);
	});

	test.each([
		['says nothing to a tool', say(''), /empty answer/],
		['calls another tool', call('weather', {city: 'Oslo'}), /invalid arguments/],
		['calls with other arguments', call('temperature', {town: 'Oslo'}), /invalid arguments/],
	])('%s', async (_, reply, detail) => {
		const provider = await start(request => (request.tools.length > 0 ? reply : able(request)));
		const {ok, steps} = await testProvider(provider, 'test-model', options());
		expect(ok).toBe(true);
		expect(steps[5]).toMatchObject({outcome: 'warning', detail: expect.stringMatching(detail)});
	});

	test.each([
		['that does not fit', {city: 'Oslo'}, /does not match the schema/],
		[
			'with more than was asked for',
			{city: 'Oslo', country: 'Norway', x: 1},
			/does not match the schema/,
		],
		['of another kind', ['Oslo', 'Norway'], /does not match the schema/],
	])('answers with JSON %s', async (_, value, detail) => {
		const provider = await start(request => (request.schema ? answerJson(value) : able(request)));
		const {ok, steps} = await testProvider(provider, 'test-model', options());
		expect(ok).toBe(true);
		expect(steps[6]).toMatchObject({outcome: 'warning', detail: expect.stringMatching(detail)});
	});
});

describe('a step that fails', () => {
	test('is the last one', async () => {
		const provider = await start(() => httpError(401));
		const {ok, steps} = await testProvider(provider, 'test-model', options());
		expect(ok).toBe(false);
		expect(steps).toHaveLength(5);
		expect(steps[4]).toMatchObject({
			name: 'answer',
			outcome: 'failed',
			failure: {kind: 'auth', hint: 'set OLLAMA_API_KEY', status: 401},
		});
	});

	test('says how to start a server that is not there', async () => {
		const server = await startServer(able);
		await server.close();
		const provider = await createProvider(
			{type: 'ollama', baseUrl: server.url},
			{fetch: createFetch()},
		);
		const {ok, steps} = await testProvider(provider, undefined, options());
		expect(ok).toBe(false);
		expect(steps).toMatchObject([
			{
				name: 'reach',
				outcome: 'failed',
				failure: {
					kind: 'server-down',
					hint: `run: ollama serve, or check the address ${server.url}`,
				},
			},
		]);
	});

	test('tells a refused key from a server that is not there', async () => {
		const provider = await startAs('llama-server', able, {key: 'secret'});
		const {steps} = await testProvider(provider, undefined, options());
		expect(outcomes(steps)).toEqual(['reach ok', 'authenticate failed']);
		expect(steps[1]).toMatchObject({failure: {kind: 'auth', hint: 'set LLAMA_API_KEY'}});
	});

	test('does not claim to have reached a vendor that was not asked for want of a key', async () => {
		const provider = await createProvider({type: 'anthropic'}, {fetch: createFetch()});
		const {steps} = await testProvider(provider, undefined, options());
		expect(outcomes(steps)).toEqual(['reach warning', 'authenticate failed']);
		expect(steps[1]).toMatchObject({failure: {hint: 'set ANTHROPIC_API_KEY'}});
	});

	test('lets the next one go on when it is one of the last two, and counts', async () => {
		const provider = await startAs('llama-server', request =>
			request.tools.length > 0
				? httpError(500, {error: {message: 'tools param requires --jinja flag'}})
				: able(request),
		);
		const {ok, steps} = await testProvider(provider, 'test-model', options());
		expect(ok).toBe(false);
		expect(outcomes(steps.slice(5))).toEqual(['tool-call failed', 'structured ok']);
		expect(steps[5]).toMatchObject({
			failure: {kind: 'bad-request', hint: expect.stringContaining('--jinja')},
		});
	});

	test.each(failureKinds.filter(kind => kind !== 'cancelled'))(
		'of kind %s has a hint',
		async kind => {
			const failing: Provider = {
				type: 'ollama',
				endpoint: 'nowhere',
				health: async () => ({state: 'up'}),
				models: async () => {
					throw new ProviderError(kind, 'It failed.');
				},
				capabilities: async () => {
					throw new ProviderError(kind, 'It failed.');
				},
				async *stream() {
					yield {type: 'progress', phase: 'loading'};
					throw new ProviderError(kind, 'It failed.');
				},
			};
			const {steps} = await testProvider(failing, 'any', options());
			expect(steps.at(-1)).toMatchObject({failure: {kind, hint: expect.stringMatching(/\w+ \w+/)}});
		},
	);
});

test('an abort ends it with an error, and tells what was under way', async () => {
	const controller = new AbortController();
	const provider = await start(() => {
		controller.abort();
		return say('Too late.');
	});
	const watched = options(controller.signal);
	await expect(testProvider(provider, 'test-model', watched)).rejects.toThrow(/abort/i);
	expect(watched.steps).toHaveLength(4);
	expect(watched.begun.at(-1)).toBe('answer');
});

describe('the model that is chosen', () => {
	const {signal} = new AbortController();

	test('is a vendor’s default, and of a server what it has loaded', async () => {
		const {url} = await startServer(able, {models: ['small', 'large']});
		const choose = async (type: 'anthropic' | 'lmstudio') => {
			const provider = await createProvider({type, baseUrl: url}, {fetch: createFetch()});
			return chooseModel(provider, {signal});
		};
		expect(await choose('anthropic')).toBe('claude-sonnet-5-5');
		expect(await choose('lmstudio')).toBe('small');
	});

	const withModels = async (...models: readonly (readonly [string, boolean, boolean])[]) =>
		startAs('lmstudio', able, {
			pages: {
				'/api/v1/models': {
					status: 200,
					body: {
						models: models.map(([key, isLoaded, isTrained]) => ({
							type: 'llm',
							key,
							loaded_instances: isLoaded ? [{id: key, config: {context_length: 32_768}}] : [],
							capabilities: {trained_for_tool_use: isTrained},
						})),
					},
				},
			},
		});

	test.each([
		[
			'a trained one before another that is loaded too',
			[
				['a', true, false],
				['b', true, true],
			],
			'b',
		],
		[
			'a loaded one before a trained one that is not',
			[
				['a', false, true],
				['b', true, false],
			],
			'b',
		],
		[
			'a trained one of those that are not loaded',
			[
				['a', false, false],
				['b', false, true],
			],
			'b',
		],
	] as const)('is %s', async (_, models, chosen) => {
		expect(await chooseModel(await withModels(...models), {signal})).toBe(chosen);
	});

	test('is one that cannot call tools only where there is no other: it is told of them in words', async () => {
		const provider = await start(able, {tools: false});
		expect(await chooseModel(provider, {signal})).toBe('test-model');
	});

	test('is none where there is no model', async () => {
		const provider = await start(able, {models: []});
		await expect(chooseModel(provider, {signal})).rejects.toMatchObject({
			kind: 'model-missing',
			hint: 'run: ollama pull qwen3',
		});
	});
});
