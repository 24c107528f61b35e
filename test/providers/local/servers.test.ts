import {afterEach, expect, test} from 'vitest';
import {collectAll} from '../../helpers/model-server/collect.ts';
import type {JsonSchema} from '../../../source/core/json.ts';
import {createFetch} from '../../../source/providers/transport/fetch.ts';
import {createLlamaServerProvider} from '../../../source/providers/local/llama-server.ts';
import {createLmStudioProvider} from '../../../source/providers/local/lm-studio.ts';
import {createOllamaProvider} from '../../../source/providers/ollama/adapter.ts';
import {createOpenAiProvider} from '../../../source/providers/openai/adapter.ts';
import type {Provider, StreamEvent} from '../../../source/providers/provider.ts';
import {request, tools} from '../conformance/requests.ts';
import {
	raw,
	say,
	startModelServer,
	type ModelServer,
	type ModelServerOptions,
	type Script,
} from '../../helpers/model-server.ts';
import {patienceMs} from '../../helpers/patience.ts';

let server: ModelServer | undefined;
afterEach(async () => server?.close());

const {signal} = new AbortController();
const deps = {fetch: createFetch()};
const start = async (script: Script, options?: ModelServerOptions) => {
	server = await startModelServer(script, options);
	return server;
};

const collect = async (provider: Provider, fields = {}): Promise<StreamEvent[]> =>
	collectAll(
		provider.stream(request(fields), {
			signal,
			idleMs: patienceMs,
			firstByteMs: patienceMs,
			retry: 0,
		}),
	);

const lastOf = (events: readonly StreamEvent[]) => {
	const last = events.at(-1);
	return last?.type === 'finished' ? last.answer : undefined;
};

test('Ollama always gets its context, no silent truncation, and one size for all calls', async () => {
	const {url, requests, visits} = await start(() => say('Hi.'), {contextTokens: 8192});
	const provider = createOllamaProvider({type: 'ollama', baseUrl: url}, deps);
	await collect(provider, {tools});
	await collect(provider, {tools, toolChoice: 'none'});
	expect(requests[0]?.body).toMatchObject({
		options: {num_ctx: 8192, num_predict: 256},
		truncate: false,
		shift: false,
		stream: true,
	});
	expect(requests[1]?.body['options']).toEqual(requests[0]?.body['options']);
	expect(requests.map(asked => asked.tools)).toEqual([['read', 'list'], []]);
	expect(visits.filter(visit => visit === 'POST /api/show')).toHaveLength(1);
});

test('Ollama asks for no more than 16384 tokens of context by itself', async () => {
	const {url, requests} = await start(() => say('Hi.'), {
		contextTokens: 131_072,
		pages: {'/api/ps': {status: 200, body: {models: []}}},
	});
	await collect(createOllamaProvider({type: 'ollama', baseUrl: url}, deps));
	expect(requests[0]?.body['options']).toMatchObject({num_ctx: 16_384});
});

test('an answer that ran into the end of the context says so', async () => {
	const full = {
		...say('Hi'),
		stop: 'max-tokens',
		usage: {input: 4000, cached: 0, output: 96},
	} as const;
	const {url} = await start(() => full, {contextTokens: 4096});
	const ollama = createOllamaProvider({type: 'ollama', baseUrl: url}, deps);
	const llama = createLlamaServerProvider({type: 'llama-server', baseUrl: url}, deps);
	expect(lastOf(await collect(ollama))?.stopReason).toBe('context-full');
	expect(lastOf(await collect(llama))?.stopReason).toBe('context-full');
});

test('llama-server that loads its model is not down', async () => {
	const loading = {error: {message: 'Loading model', type: 'unavailable_error', code: 503}};
	const {url} = await start(() => say(''), {pages: {'/health': {status: 503, body: loading}}});
	const provider = createLlamaServerProvider({type: 'llama-server', baseUrl: url}, deps);
	expect(await provider.health({signal})).toEqual({state: 'loading'});
});

test('llama-server tells its slots and the context of one', async () => {
	const {url} = await start(() => say(''), {contextTokens: 4096, slots: 3, tools: false});
	const provider = createLlamaServerProvider({type: 'llama-server', baseUrl: url}, deps);
	expect(await provider.capabilities('any', {signal})).toMatchObject({
		tools: 'none',
		contextTokens: 4096,
		parallelCalls: 3,
	});
});

test('llama-server tells how far it has read the prompt', async () => {
	const progress = {choices: [], prompt_progress: {total: 200, cache: 0, processed: 50}};
	const text = {choices: [{delta: {content: 'Hi.'}, finish_reason: 'stop'}]};
	const {url} = await start(() =>
		raw(
			[progress, text].map(chunk => `data: ${JSON.stringify(chunk)}\n\n`).join(''),
			'text/event-stream',
		),
	);
	const provider = createLlamaServerProvider({type: 'llama-server', baseUrl: url}, deps);
	const [first] = await collect(provider);
	expect(first).toEqual({type: 'progress', phase: 'prompt', ratio: 0.25});
});

const missing = {status: 200, body: {error: 'Unexpected endpoint or method.'}};

test.each<[string, ModelServerOptions['pages'], object[]]>([
	[
		'v1',
		{},
		[
			{id: 'a', loaded: true},
			{id: 'b', loaded: false},
		],
	],
	[
		'v0',
		{'/api/v1/models': missing},
		[
			{id: 'a', loaded: true},
			{id: 'b', loaded: false},
		],
	],
	[
		'the plain list',
		{'/api/v1/models': missing, '/api/v0/models': {status: 404, body: 'Not found'}},
		[{id: 'a'}, {id: 'b'}],
	],
])('LM Studio lists its models by %s', async (_, pages, models) => {
	const {url} = await start(() => say(''), {models: ['a', 'b'], ...(pages && {pages})});
	const provider = createLmStudioProvider({type: 'lmstudio', baseUrl: `${url}/v1/`}, deps);
	expect(await provider.models({signal})).toEqual(models);
});

test('LM Studio tells the context of a model that is loaded', async () => {
	const {url} = await start(() => say(''), {models: ['a', 'b'], contextTokens: 4096, slots: 4});
	const provider = createLmStudioProvider({type: 'lmstudio', baseUrl: url}, deps);
	const about = async (model: string) => provider.capabilities(model, {signal});
	expect(await about('a')).toMatchObject({tools: 'native', contextTokens: 4096, parallelCalls: 4});
	expect(await about('b')).toMatchObject({tools: 'native', contextTokens: null});
});

test('keys of other services in the environment go nowhere', async () => {
	const {url, requests} = await start(() => say('Hi.'));
	const variables = ['OPENAI_API_KEY', 'OPENAI_ADMIN_KEY', 'OPENAI_ORG_ID', 'OPENAI_PROJECT_ID'];
	for (const name of variables) {
		process.env[name] = 'leaked';
	}

	try {
		await collect(createOpenAiProvider({type: 'openai', baseUrl: url}, deps));
		await collect(createLmStudioProvider({type: 'lmstudio', baseUrl: url}, deps));
	} finally {
		for (const name of variables) {
			delete process.env[name];
		}
	}

	expect(requests).toHaveLength(2);
	expect(JSON.stringify(requests.map(({headers}) => headers))).not.toContain('leaked');
	expect(requests[0]?.headers).not.toHaveProperty('authorization');
});

test('reasoning is read from both fields, calls without an index are told apart', async () => {
	const deltas: JsonSchema[] = [
		{reasoning: 'Hm.'},
		{tool_calls: [{id: 'a', function: {name: 'read', arguments: '{"path":"x"}'}}]},
		{tool_calls: [{id: 'b', function: {name: 'list', arguments: ''}}]},
	];
	const {url} = await start(() =>
		raw(
			[...deltas.map(delta => ({choices: [{delta}]})), {choices: [{finish_reason: 'stop'}]}]
				.map(chunk => `data: ${JSON.stringify(chunk)}\n\n`)
				.join(''),
			'text/event-stream',
		),
	);
	const answer = lastOf(await collect(createOpenAiProvider({type: 'openai', baseUrl: url}, deps)));
	expect(answer?.stopReason).toBe('tool-calls');
	expect(answer?.message.parts).toMatchObject([
		{kind: 'thinking', text: 'Hm.', opaque: {reasoning: 'Hm.'}},
		{kind: 'tool-call', id: 'a', name: 'read', arguments: {path: 'x'}},
		{kind: 'tool-call', id: 'b', name: 'list', argumentsText: '{}', arguments: {}},
	]);
	expect(answer?.usage).toMatchObject({input: null, output: null, cacheRead: null});
});

test.each(['ollama', 'lmstudio'] as const)(
	'%s leaves thoughts in the text and loses nothing that looks like the start of one',
	async type => {
		const create = {ollama: createOllamaProvider, lmstudio: createLmStudioProvider}[type];
		const {url} = await start(({ordinal}) =>
			say(ordinal === 0 ? '<think>Hm, hm, hm.</think>Yes.' : '<th'),
		);
		const provider = create({type, baseUrl: url}, deps);
		expect(lastOf(await collect(provider))?.message.parts).toMatchObject([
			{kind: 'thinking', text: 'Hm, hm, hm.'},
			{kind: 'text', text: 'Yes.'},
		]);
		const events = await collect(provider);
		expect(events[0]).toEqual({type: 'text-delta', text: '<th'});
		expect(lastOf(events)?.message.parts).toEqual([{kind: 'text', text: '<th'}]);
	},
);
