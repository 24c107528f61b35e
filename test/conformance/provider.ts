import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {
	textOf,
	toolCallsOf,
	type Answer,
	type ChatRequest,
	type Message,
} from '../../source/core/chat.ts';
import type {JsonSchema} from '../../source/core/json.ts';
import {createFetch} from '../../source/providers/fetch.ts';
import {ProviderError, type Provider, type StreamEvent} from '../../source/providers/provider.ts';
import type {ProviderSettings} from '../../source/providers/provider.ts';
import type {Fetch} from '../../source/providers/fetch.ts';
import {
	answerJson,
	call,
	delivered,
	httpError,
	raw,
	say,
	startModelServer,
	type ModelServer,
	type ModelServerOptions,
	type Script,
} from '../helpers/model-server.ts';
import {capturePrints, type Prints} from '../helpers/model-server/prints.ts';

/** What differs between the providers, beyond the wire. */
export type ProviderTraits = {
	readonly type: ProviderSettings['type'];
	readonly create: (settings: ProviderSettings, dependencies: {fetch: Fetch}) => Provider;
	/** The messages of `history` below as they are on the wire, first one included. */
	readonly wireMessages: readonly unknown[];
	/** Where the wire carries the schema of a structured answer. */
	readonly schemaIn: (body: Readonly<Record<string, unknown>>) => unknown;
	/** What the wire carries of `ownThought` when it goes back to the model that had it. */
	readonly wireThought: unknown;
	/** Tokens read from a cache out of 100; `null` when the wire does not tell. */
	readonly cacheRead: number | null;
	readonly keyVariable: string;
	readonly startHint: string;
	readonly missingModelHint: RegExp;
	/** Text of an error with status 400 for a request that does not fit into the context. */
	readonly overflow: {readonly [key: string]: string | object};
};

/** The behaviour that all providers share, over real HTTP. */
export function describeProvider(traits: ProviderTraits): void {
	describe(`provider ${traits.type}`, () => {
		let server: ModelServer | undefined;
		let prints: Prints;
		const fetch = createFetch();

		const start = async (script: Script, options?: ModelServerOptions) => {
			server = await startModelServer(script, options);
			return {server, provider: connect(server.url)};
		};

		const connect = (baseUrl: string, apiKey = 'key-of-the-test') =>
			traits.create({type: traits.type, baseUrl, apiKey}, {fetch});

		beforeEach(() => {
			prints = capturePrints();
		});

		afterEach(async () => {
			prints.stop();
			await server?.close();
			server = undefined;
			expect(prints.text).toBe('');
		});

		test('streams text and ends with the whole answer', async () => {
			const {provider} = await start(() => say('Hello, wörld! 你好 🎉'));
			const events = await collect(provider, request());
			const deltas = events.filter(event => event.type === 'text-delta').map(({text}) => text);
			expect(deltas.length).toBeGreaterThan(1);
			expect(deltas.join('')).toBe('Hello, wörld! 你好 🎉');
			const answer = finished(events);
			expect(textOf(answer.message)).toBe('Hello, wörld! 你好 🎉');
			expect(answer.stopReason).toBe('end');
			expect(answer.model).toBe('test-model');
			expect(answer.message.origin).toEqual({provider: traits.type, model: 'test-model'});
		});

		test('reads an answer that comes byte by byte', async () => {
			const {provider} = await start(() =>
				delivered(
					{...say('wörld 🎉'), calls: [{name: 'read', arguments: {path: 'ü'}}]},
					{
						how: 'bytewise',
					},
				),
			);
			const {message} = await ask(provider, request());
			expect(textOf(message)).toBe('wörld 🎉');
			expect(toolCallsOf(message)[0]?.arguments).toEqual({path: 'ü'});
		});

		test('reports several tool calls of one answer', async () => {
			const {provider, server} = await start(() => ({
				kind: 'answer',
				text: 'I look.',
				calls: [
					{name: 'read', arguments: {path: 'a.txt'}, id: 'id-a'},
					{name: 'list', arguments: {}, id: 'id-b'},
				],
			}));
			const events = await collect(provider, request({tools, toolChoice: 'auto'}));
			const started = events.filter(event => event.type === 'tool-call-started');
			expect(started.map(({name}) => name)).toEqual(['read', 'list']);
			const {message, stopReason} = finished(events);
			expect(stopReason).toBe('tool-calls');
			expect(message.parts).toEqual([
				{kind: 'text', text: 'I look.'},
				{
					kind: 'tool-call',
					id: 'id-a',
					name: 'read',
					argumentsText: '{"path":"a.txt"}',
					arguments: {path: 'a.txt'},
				},
				{kind: 'tool-call', id: 'id-b', name: 'list', argumentsText: '{}', arguments: {}},
			]);
			expect(server.requests[0]?.tools).toEqual(['read', 'list']);
		});

		test('makes ids for calls that have none or one that was used, the same each time', async () => {
			const {provider} = await start(() => ({
				kind: 'answer',
				calls: [
					{name: 'read', arguments: {}, id: null},
					{name: 'read', arguments: {}, id: 'id-1'},
					{name: 'list', arguments: {}, id: 'id-3'},
				],
			}));
			const ids = async () =>
				toolCallsOf((await ask(provider, request({messages: history}))).message).map(({id}) => id);
			const [first, second] = [await ids(), await ids()];
			expect(new Set([...first, 'id-1', 'id-2']).size).toBe(5);
			expect(first[2]).toBe('id-3');
			expect(second).toEqual(first);
		});

		test('counts tokens with the cache apart', async () => {
			const {provider} = await start(() => ({
				...say('Hi.'),
				usage: {input: 100, cached: 30, output: 7},
			}));
			const {usage} = await ask(provider, request());
			const {cacheRead} = traits;
			expect(usage).toMatchObject({input: 100 - (cacheRead ?? 0), cacheRead, output: 7});
			expect(usage.estimated).toBe(false);
		});

		test('asks for a structured answer with its schema', async () => {
			const {provider, server} = await start(() => answerJson({city: 'Oslo'}));
			const {message} = await ask(provider, request({output: {name: 'place', schema}}));
			expect(JSON.parse(textOf(message))).toEqual({city: 'Oslo'});
			expect(traits.schemaIn(server.requests[0]?.body ?? {})).toEqual(schema);
			expect(server.requests[0]?.tools).toEqual([]);
		});

		test('sends a whole history in the words of the protocol', async () => {
			const {provider, server} = await start(() => say('Done.'));
			await ask(provider, request({messages: history}));
			expect(wireMessagesOf(server)).toEqual(traits.wireMessages);
			await ask(provider, request({messages: history}));
			expect(JSON.stringify(server.requests[1]?.body)).toBe(
				JSON.stringify(server.requests[0]?.body),
			);
		});

		test('gives its thoughts back to the model that had them and to no other', async () => {
			const {provider, server} = await start(() => ({
				...call('read', {path: 'a.txt'}),
				thinking: 'It is in a.txt.',
			}));
			const events = await collect(provider, request());
			const thoughts = events.filter(event => event.type === 'thinking-delta');
			expect(thoughts.map(({text}) => text).join('')).toBe('It is in a.txt.');
			const {message} = finished(events);
			const messages: Message[] = [{role: 'user', text: 'Go.'}, message];
			await ask(provider, request({messages}));
			await ask(provider, request({messages, model: 'other-model'}));
			const [, own, other] = server.requests.map(({body}) => JSON.stringify(body));
			expect(own).toContain(JSON.stringify(traits.wireThought).slice(1, -1));
			expect(other).not.toContain('It is in a.txt.');
			expect(other).toContain('a.txt');
		});

		test('ends at once when it is aborted before the server answers', async () => {
			const controller = new AbortController();
			const {provider, server} = await start(() => {
				controller.abort();
				return delivered(say('Never.'), {how: 'stalled', afterBytes: 0});
			});
			const error = await failureOf(provider, request(), {signal: controller.signal});
			expect(error.kind).toBe('cancelled');
			await server.requests[0]?.disconnected;
		});

		test('ends at once when it is aborted in the middle of an answer', async () => {
			const controller = new AbortController();
			const {provider, server} = await start(() =>
				delivered(say('A long answer.'), {how: 'stalled', afterBytes: Infinity}),
			);
			const error = await failureOf(provider, request(), {
				signal: controller.signal,
				onEvent: () => {
					controller.abort();
				},
			});
			expect(error.kind).toBe('cancelled');
			expect(error.partial).toMatch(/^A long/);
			await server.requests[0]?.disconnected;
		});

		test('sends nothing when it is aborted already', async () => {
			const {provider, server} = await start(() => say('Never.'));
			const error = await failureOf(provider, request(), {signal: AbortSignal.abort()});
			expect(error.kind).toBe('cancelled');
			expect(server.requests).toEqual([]);
		});

		test('lets the server go when nobody reads on', async () => {
			const {provider, server} = await start(() =>
				delivered(say('A long answer.'), {how: 'stalled', afterBytes: Infinity}),
			);
			for await (const event of provider.stream(request(), limits())) {
				expect(event.type).toBe('text-delta');
				break;
			}

			await server.requests[0]?.disconnected;
		});

		test('does not take a stream without its end mark for an answer', async () => {
			const {provider} = await start(() => delivered(say('Half an answer'), {how: 'cut'}));
			const error = await failureOf(provider, request());
			expect(error).toMatchObject({kind: 'stream-truncated', partial: 'Half an answer'});
		});

		test('tells a broken connection from an answer', async () => {
			const {provider} = await start(({protocol}) =>
				delivered(say('Half an answer'), {
					how: 'destroyed',
					afterBytes: protocol === 'anthropic' ? 550 : 150,
				}),
			);
			expect(await failureOf(provider, request())).toMatchObject({kind: 'stream-truncated'});
		});

		test.each([0, Infinity])('notices silence after %d bytes', async afterBytes => {
			const {provider, server} = await start(() =>
				delivered(say('Wait'), {how: 'stalled', afterBytes}),
			);
			const silence = afterBytes === 0 ? {firstByteMs: 50} : {idleMs: 50};
			const error = await failureOf(provider, request(), silence);
			expect(error).toMatchObject({kind: 'stalled', partial: afterBytes === 0 ? '' : 'Wait'});
			await server.requests[0]?.disconnected;
		});

		test('asks once when the key is wrong, and never names it', async () => {
			const key = 'key-of-the-test';
			const {provider, server} = await start(() =>
				httpError(401, {error: {type: 'authentication_error', message: `${key} is not valid`}}),
			);
			const error = await failureOf(provider, request());
			expect(error).toMatchObject({
				kind: 'auth',
				status: 401,
				hint: `check ${traits.keyVariable}`,
			});
			expect(error.message).toContain(server.url);
			expect(error.message).toContain('test-model');
			expect(error.message).not.toContain(key);
			expect(server.requests).toHaveLength(1);
		});

		test('trims the key', async () => {
			const {server} = await start(() => say('Hi.'), {key: 'secret'});
			const {message} = await ask(connect(server.url, 'secret\n'), request());
			expect(textOf(message)).toBe('Hi.');
		});

		test('passes on how long to wait', async () => {
			const {provider, server} = await start(() =>
				httpError(429, undefined, {'retry-after': '90'}),
			);
			const error = await failureOf(provider, request());
			expect(error).toMatchObject({kind: 'rate-limit', retryAfterMs: 90_000, status: 429});
			expect(server.requests).toHaveLength(1);
		});

		test('asks once when the server breaks', async () => {
			const {provider, server} = await start(() => httpError(500));
			const error = await failureOf(provider, request());
			expect(error).toMatchObject({kind: 'transient', status: 500});
			expect(server.requests).toHaveLength(1);
		});

		test('says how to start a server that is not there', async () => {
			const {provider, server} = await start(() => say('Never.'));
			await server.close();
			const error = await failureOf(provider, request());
			expect(error).toMatchObject({kind: 'server-down', hint: traits.startHint});
			expect(error.message).toContain(server.url);
			expect(await provider.health({signal: AbortSignal.timeout(5000)})).toMatchObject({
				state: 'down',
				hint: traits.startHint,
			});
		});

		test('says what to do about a model that the server does not have', async () => {
			const {provider, server} = await start(() => say('Never.'), {models: ['other-model']});
			const error = await failureOf(provider, request());
			expect(error.kind).toBe('model-missing');
			expect(error.hint).toMatch(traits.missingModelHint);
			expect(server.requests).toHaveLength(1);
		});

		test('classifies an error that comes inside a stream', async () => {
			const {provider} = await start(() =>
				delivered(say('Half'), {
					how: 'failed',
					type: 'overloaded_error',
					message: 'Overloaded: server busy',
				}),
			);
			expect(await failureOf(provider, request())).toMatchObject({
				kind: 'overloaded',
				partial: 'Half',
				status: undefined,
			});
		});

		test('calls garbage in a stream a failure that may pass', async () => {
			const {provider} = await start(({protocol}) =>
				protocol === 'ollama'
					? raw('{"model": garbage}\n', 'application/x-ndjson')
					: raw('event: message_start\ndata: {"model": garbage}\n\n', 'text/event-stream'),
			);
			expect(await failureOf(provider, request())).toMatchObject({kind: 'transient'});
		});

		test('says that a web page is no model server', async () => {
			const {provider} = await start(() => raw('<!doctype html><p>Log in</p>', 'text/html'));
			const error = await failureOf(provider, request());
			expect(error).toMatchObject({kind: 'bad-request', hint: 'check the base URL'});
		});

		test('does not take nothing for an answer', async () => {
			const {provider} = await start(() => say(''));
			expect(await failureOf(provider, request())).toMatchObject({kind: 'empty-answer'});
		});

		test('says when an answer was cut by its limit', async () => {
			const {provider} = await start(() => ({
				...say('A long'),
				stop: 'max-tokens',
				usage: {input: 10, cached: 0, output: 64},
			}));
			const {stopReason} = await ask(provider, request({maxOutputTokens: 64}));
			expect(stopReason).toBe('max-tokens');
		});

		test('knows a request that does not fit into the context', async () => {
			const {provider} = await start(() => httpError(400, traits.overflow as JsonSchema));
			expect(await failureOf(provider, request())).toMatchObject({kind: 'context-overflow'});
		});

		test('tells health, models and capabilities', async () => {
			const {provider} = await start(() => say('Never.'), {contextTokens: 8192});
			const signal = AbortSignal.timeout(5000);
			expect(await provider.health({signal})).toMatchObject({state: 'up'});
			expect((await provider.models({signal})).map(({id}) => id)).toEqual(['test-model']);
			const {tools: canCall, contextTokens} = await provider.capabilities('test-model', {signal});
			expect(canCall).toBe(traits.type === 'openai' ? 'unknown' : 'native');
			expect(contextTokens).toBe(traits.type === 'openai' ? null : 8192);
		});

		test('reports a refused key as health', async () => {
			const {provider} = await start(() => say('Never.'), {key: 'another'});
			expect(await provider.health({signal: AbortSignal.timeout(5000)})).toMatchObject({
				state: 'unauthorized',
				hint: `check ${traits.keyVariable}`,
			});
		});
	});
}

/** A conversation with everything in it, also calls of another provider and broken arguments. */
export const history: readonly Message[] = [
	{role: 'user', text: 'Look into a.txt.'},
	{
		role: 'assistant',
		origin: {provider: 'elsewhere', model: 'other'},
		parts: [
			{kind: 'thinking', text: 'Hm.', opaque: {signature: 'of another'}},
			{kind: 'text', text: 'I look.'},
			{
				kind: 'tool-call',
				id: 'id-1',
				name: 'read',
				argumentsText: '{"path":"a.txt"}',
				arguments: {path: 'a.txt'},
			},
			{kind: 'tool-call', id: 'id-2', name: 'list', argumentsText: '{"path": '},
		],
	},
	{role: 'tool', callId: 'id-1', name: 'read', text: 'forty-two', isError: false},
	{role: 'tool', callId: 'id-2', name: 'list', text: 'not JSON', isError: true},
	{role: 'assistant', origin: {provider: 'elsewhere', model: 'other'}, parts: []},
	{role: 'user', text: 'And?'},
];

export const tools = [
	{
		name: 'read',
		description: 'Reads a file.',
		input: {type: 'object', properties: {path: {type: 'string'}}, required: ['path']},
	},
	{name: 'list', description: 'Lists files.', input: {type: 'object', properties: {}}},
] as const;

export const schema = {
	type: 'object',
	properties: {city: {type: 'string'}},
	required: ['city'],
	additionalProperties: false,
} as const;

export function request(fields: Partial<ChatRequest> = {}): ChatRequest {
	return {
		model: 'test-model',
		system: 'Be brief.',
		messages: [{role: 'user', text: 'Hello.'}],
		maxOutputTokens: 256,
		...fields,
	};
}

type Limits = {
	readonly signal?: AbortSignal;
	readonly idleMs?: number;
	readonly firstByteMs?: number;
	readonly onEvent?: (event: StreamEvent) => void;
};

/** Limits that only a test about them meets. */
function limits({signal, idleMs = 10_000, firstByteMs = 10_000}: Limits = {}) {
	return {signal: signal ?? new AbortController().signal, idleMs, firstByteMs, retry: 0};
}

async function collect(
	provider: Provider,
	chat: ChatRequest,
	options: Limits = {},
): Promise<StreamEvent[]> {
	const events: StreamEvent[] = [];
	for await (const event of provider.stream(chat, limits(options))) {
		events.push(event);
		options.onEvent?.(event);
	}

	return events;
}

async function ask(provider: Provider, chat: ChatRequest): Promise<Answer> {
	return finished(await collect(provider, chat));
}

function finished(events: readonly StreamEvent[]): Answer {
	const answers = events.filter(event => event.type === 'finished');
	expect(answers).toHaveLength(1);
	const last = events.at(-1);
	if (last?.type !== 'finished') {
		throw new Error('The stream did not end with its answer.');
	}

	return last.answer;
}

async function failureOf(
	provider: Provider,
	chat: ChatRequest,
	options: Limits = {},
): Promise<ProviderError> {
	try {
		await collect(provider, chat, options);
	} catch (error) {
		expect(error).toBeInstanceOf(ProviderError);
		if (error instanceof ProviderError) {
			return error;
		}
	}

	throw new Error('The stream did not fail.');
}

function wireMessagesOf({requests}: ModelServer): unknown {
	const {messages} = requests[0]?.body ?? {};
	const isSystem = (message: unknown) =>
		typeof message === 'object' &&
		message !== null &&
		'role' in message &&
		message.role === 'system';
	return Array.isArray(messages) ? messages.filter(message => !isSystem(message)) : undefined;
}
