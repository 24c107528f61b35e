import {describe, expect, test} from 'vitest';
import {createFetch} from '../../../source/providers/transport/fetch.ts';
import {createOllamaProvider} from '../../../source/providers/ollama/adapter.ts';
import {raw, say, type ModelServerOptions, type Script} from '../../helpers/model-server.ts';
import {request, tools} from '../conformance/requests.ts';
import {ask, collect, failureOf} from '../conformance/streams.ts';
import {startLocal, startPlainServer} from '../local/local-provider.ts';

const {signal} = new AbortController();
const nothingLoaded = {'/api/ps': {status: 200, body: {models: []}}};

const start = async (
	script: Script,
	options: ModelServerOptions = {},
	settings: {readonly contextTokens?: number} = {},
) =>
	startLocal(createOllamaProvider, {type: 'ollama', ...settings}, script, {
		...options,
		pages: {...nothingLoaded, ...options.pages},
	});

const loadedWith = (name: string, tokens: number) => ({
	'/api/ps': {status: 200, body: {models: [{name, context_length: tokens}]}},
});

describe('the context that Ollama is asked for', () => {
	test.each([
		['is 16384 tokens by itself', 131_072, {}, {}, 16_384],
		['is never more than the model has', 8192, {}, {}, 8192],
		['is what a person wants', 131_072, {contextTokens: 65_536}, {}, 65_536],
		['is what a person wants, also when it is little', 131_072, {contextTokens: 4096}, {}, 4096],
		['is not more than the model has, whoever wants it', 8192, {contextTokens: 65_536}, {}, 8192],
		[
			'is that of a loaded model that has more, which need not be loaded again',
			131_072,
			{},
			loadedWith('test-model:latest', 40_960),
			40_960,
		],
		[
			'is the usual one when the model is loaded with less',
			131_072,
			{},
			loadedWith('test-model', 4096),
			16_384,
		],
		[
			'is not that of another loaded model',
			131_072,
			{},
			loadedWith('test-model:70b', 65_536),
			16_384,
		],
		[
			'is what a person wants, whatever is loaded',
			131_072,
			{contextTokens: 20_000},
			loadedWith('test-model', 65_536),
			20_000,
		],
	] as const)('%s', async (_, maximum, settings, pages, tokens) => {
		const options = {contextTokens: maximum, pages};
		const {provider, server} = await start(() => say('Hi.'), options, settings);
		await ask(provider, request());
		expect(server.requests[0]?.body).toMatchObject({options: {num_ctx: tokens}});
		const {contextTokens} = await provider.capabilities('test-model', {signal});
		expect(contextTokens).toBe(tokens);
	});

	test('is one for all calls of a model, also of two that come at once', async () => {
		const {provider, server} = await start(() => say('Hi.'), {contextTokens: 12_000});
		const both = [ask(provider, request()), ask(provider, request())];
		await Promise.all([...both, provider.capabilities('test-model', {signal})]);
		await ask(provider, request());
		const asked = server.requests.map(({body}) => JSON.stringify(body['options']));
		expect(new Set(asked).size).toBe(1);
		expect(asked).toHaveLength(3);
	});

	test('is the first that was found, also when another is found meanwhile', async () => {
		const asked: unknown[] = [];
		const both = Promise.withResolvers<void>();
		let looks = 0;
		const baseUrl = await startPlainServer(async ({url}, response) => {
			response.setHeader('content-type', 'application/json');
			if (url === '/api/ps') {
				const tokens = ++looks * 20_000;
				if (looks === 2) {
					both.resolve();
				}

				await both.promise;
				response.end(
					JSON.stringify({models: [{name: 'test-model:latest', context_length: tokens}]}),
				);
				return;
			}

			response.end('{"capabilities":["tools"]}');
		});
		const provider = createOllamaProvider({type: 'ollama', baseUrl}, {fetch: createFetch()});
		const about = async () => provider.capabilities('test-model', {signal});
		for (const {contextTokens} of [...(await Promise.all([about(), about()])), await about()]) {
			asked.push(contextTokens);
		}

		expect(new Set(asked).size).toBe(1);
	});

	test('of a model on ollama.com is what the model has', async () => {
		const card = {
			capabilities: ['completion', 'tools'],
			remote_host: 'https://ollama.com:443',
			model_info: {'general.architecture': 'gptoss', 'gptoss.context_length': 131_072},
		};
		const pages = {'/api/show': {status: 200, body: card}};
		const {provider} = await start(() => say('Hi.'), {pages});
		expect(await provider.capabilities('gpt-oss:120b-cloud', {signal})).toMatchObject({
			contextTokens: 131_072,
			structuredOutput: 'best-effort',
		});
	});
});

test('nothing is cut in silence, the model stays, and few calls come at once', async () => {
	const {provider, server} = await start(() => say('Hi.'));
	await ask(provider, request());
	expect(server.requests[0]?.body).toMatchObject({
		truncate: false,
		shift: false,
		keep_alive: '10m',
	});
	expect(await provider.capabilities('test-model', {signal})).toMatchObject({parallelCalls: 1});
});

test.each([
	['come to a model that can call them', true, ['read', 'list'], 'native'],
	['do not come to one that cannot: the server would refuse', false, [], 'none'],
] as const)('tools %s', async (_, canCall, offered, capability) => {
	const {provider, server} = await start(() => say('Hi.'), {tools: canCall});
	await ask(provider, request({tools}));
	expect(server.requests[0]?.tools).toEqual(offered);
	expect((await provider.capabilities('test-model', {signal})).tools).toBe(capability);
});

test('embedding models are not offered', async () => {
	const body = {
		models: [
			{name: 'qwen3:8b', capabilities: ['completion', 'tools']},
			{name: 'nomic-embed-text:latest', capabilities: ['embedding']},
			{name: 'of-an-old-server'},
		],
	};
	const {provider} = await start(() => say('Hi.'), {pages: {'/api/tags': {status: 200, body}}});
	const models = await provider.models({signal});
	expect(models.map(({id}) => id)).toEqual(['qwen3:8b', 'of-an-old-server']);
});

test('a model that is missing can be pulled while the program runs', async () => {
	const pages: Record<string, {status: number; body: {}}> = {
		...nothingLoaded,
		'/api/show': {status: 404, body: {error: "model 'test-model' not found"}},
	};
	const {provider} = await startLocal(createOllamaProvider, {type: 'ollama'}, () => say('Hi.'), {
		pages,
	});
	await failureOf(provider, request());
	delete pages['/api/show'];
	expect(await provider.capabilities('test-model', {signal})).toMatchObject({tools: 'native'});
});

describe('an abort works before the first byte', () => {
	test.each(['/api/show', '/api/chat'])('of %s', async path => {
		const controller = new AbortController();
		const gone = Promise.withResolvers<void>();
		const url = await startPlainServer((message, response) => {
			if (message.url === path) {
				response.once('close', gone.resolve);
				controller.abort();
				return;
			}

			response.setHeader('content-type', 'application/json');
			response.end(JSON.stringify({models: [], capabilities: ['tools']}));
		});
		const provider = createOllamaProvider({type: 'ollama', baseUrl: url}, {fetch: createFetch()});
		const error = await failureOf(provider, request(), {signal: controller.signal});
		expect(error.kind).toBe('cancelled');
		await gone.promise;
	});
});

describe('an answer to a part of the request is none', () => {
	/** About 140,000 characters, which no tokenizer makes 16,384 tokens of. */
	const long = Array.from({length: 14_000}, (_, index) => `item ${index} `).join('');
	/** Half of what fits. */
	const short = long.slice(0, 50_000);
	const answerWith = (counts: object): Script => {
		const chunk = {message: {role: 'assistant', content: 'Fine.'}, done: true};
		const last = {...chunk, done_reason: 'stop', eval_count: 10, ...counts};
		return () => raw(`${JSON.stringify(last)}\n`, 'application/x-ndjson');
	};

	const outcome = async (counts: object, text: string) => {
		const {provider} = await start(answerWith(counts), {contextTokens: 131_072});
		const chat = request({messages: [{role: 'user', text}]});
		return collect(provider, chat).then(
			() => 'answered',
			(error: {kind: string}) => error.kind,
		);
	};

	test.each([
		['far too little was read of what cannot fit', {prompt_eval_count: 2051}, long],
		[
			'too little was read, and the server counts its cache too',
			{prompt_eval_count: 2051, prompt_eval_cached_count: 0},
			short,
		],
		['it fills the context to the last token', {prompt_eval_count: 16_374}, short],
	])('%s', async (_, counts, text) => {
		expect(await outcome(counts, text)).toBe('context-overflow');
	});

	test.each([
		['nothing was counted: it came from the cache', {}, long],
		['the count is zero, as of an old server with all in its cache', {prompt_eval_count: 0}, long],
		[
			'the count is small and all fits: an old server had it in its cache',
			{prompt_eval_count: 9},
			short,
		],
		[
			'all was read, most of it from the cache',
			{prompt_eval_count: 15_000, prompt_eval_cached_count: 14_900},
			short,
		],
		['all was read', {prompt_eval_count: 15_000}, short],
		[
			'what looks long is one character over and over',
			{prompt_eval_count: 900},
			'-'.repeat(200_000),
		],
	])('but it is one when %s', async (_, counts, text) => {
		expect(await outcome(counts, text)).toBe('answered');
	});

	test('an answer that was stopped at the end of the context says so itself', async () => {
		const counts = {prompt_eval_count: 16_374, done_reason: 'length'};
		const {provider} = await start(answerWith(counts), {contextTokens: 131_072});
		expect((await ask(provider, request())).stopReason).toBe('context-full');
	});

	test('an answer that reached its own limit is not one that filled the context', async () => {
		const counts = {prompt_eval_count: 16_128, eval_count: 256, done_reason: 'length'};
		const {provider} = await start(answerWith(counts), {contextTokens: 131_072});
		const {stopReason} = await ask(provider, request({maxOutputTokens: 256}));
		expect(stopReason).toBe('max-tokens');
	});
});

test('counts of a newer server tell the cache apart and the speed', async () => {
	const last = {
		message: {role: 'assistant', content: 'Fine.'},
		done: true,
		prompt_eval_count: 100,
		prompt_eval_cached_count: 80,
		eval_count: 30,
		eval_duration: 1_500_000_000,
	};
	const {provider} = await start(() => raw(`${JSON.stringify(last)}\n`, 'application/x-ndjson'));
	const answer = await ask(provider, request());
	expect(answer.usage).toMatchObject({input: 20, cacheRead: 80, output: 30});
	expect(answer.tokensPerSecond).toBeCloseTo(20);
});

test('thoughts whose opening tag is missing are no text of the finished answer', async () => {
	const {provider} = await start(() => say('I wonder. So be it.\n</think>Done.'));
	const {message} = await ask(provider, request());
	expect(message.parts).toMatchObject([
		{kind: 'thinking', text: expect.stringContaining('I wonder.')},
		{kind: 'text', text: 'Done.'},
	]);
});
