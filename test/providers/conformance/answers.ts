import {expect, test} from 'vitest';
import {textOf, toolCallsOf, type Message} from '../../../source/core/chat.ts';
import type {ProviderContext} from '../../conformance/provider-context.ts';
import {answerJson, call, delivered, say, type ModelServer} from '../../helpers/model-server.ts';
import {history, request, schema, tools} from './requests.ts';
import {ask, collect, finished, limits} from './streams.ts';
import {patienceMs} from '../../helpers/patience.ts';

/** What a provider makes of requests and answers. */
export function testAnswers(context: ProviderContext): void {
	test('streams text and ends with the whole answer', async () => {
		const {provider} = await context.start(() => say('Hello, wörld! 你好 🎉'));
		const events = await collect(provider, request());
		const deltas = events.filter(event => event.type === 'text-delta').map(({text}) => text);
		expect(deltas.length).toBeGreaterThan(1);
		expect(deltas.join('')).toBe('Hello, wörld! 你好 🎉');
		const answer = finished(events);
		expect(textOf(answer.message)).toBe('Hello, wörld! 你好 🎉');
		expect(answer.stopReason).toBe('end');
		expect(answer.model).toBe('test-model');
		expect(answer.message.origin).toEqual({provider: context.traits.type, model: 'test-model'});
	});

	test('reads an answer that comes byte by byte', async () => {
		const {provider} = await context.start(() =>
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
		const {provider, server} = await context.start(() => ({
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
		const written = events.filter(event => event.type === 'arguments-delta');
		expect(written.map(({text}) => text).join('')).toMatch(/^\{"path":"a.txt"\}(?:\{\})?$/);
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
		const {provider} = await context.start(() => ({
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
		const {provider} = await context.start(() => ({
			...say('Hi.'),
			usage: {input: 100, cached: 30, output: 7},
		}));
		const {usage} = await ask(provider, request());
		const {cacheRead} = context.traits;
		expect(usage).toMatchObject({input: 100 - (cacheRead ?? 0), cacheRead, output: 7});
		expect(usage.estimated).toBe(false);
	});

	test('asks for a structured answer with its schema', async () => {
		const {provider, server} = await context.start(() => answerJson({city: 'Oslo'}));
		const {message} = await ask(provider, request({output: {name: 'place', schema}}));
		expect(JSON.parse(textOf(message))).toEqual({city: 'Oslo'});
		expect(context.traits.schemaIn(server.requests[0]?.body ?? {})).toEqual(schema);
		expect(server.requests[0]?.tools).toEqual([]);
	});

	test('sends a whole history in the words of the protocol', async () => {
		const {provider, server} = await context.start(() => say('Done.'));
		await ask(provider, request({messages: history}));
		expect(wireMessagesOf(server)).toEqual(context.traits.wireMessages);
		await ask(provider, request({messages: history}));
		expect(JSON.stringify(server.requests[1]?.body)).toBe(JSON.stringify(server.requests[0]?.body));
	});

	test('gives its thoughts back to the model that had them and to no other', async () => {
		const {provider, server} = await context.start(() => ({
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
		expect(own).toContain(JSON.stringify(context.traits.wireThought).slice(1, -1));
		expect(other).not.toContain('It is in a.txt.');
		expect(other).toContain('a.txt');
	});

	test('does not wait for the end of a connection after the end of an answer', async () => {
		const {provider} = await context.start(() => delivered(say('All.'), {how: 'left-open'}));
		const answer = finished(await collect(provider, request()));
		expect(textOf(answer.message)).toBe('All.');
		expect(answer.usage.output).toBe(10);
	});

	test('says when an answer was cut by its limit', async () => {
		const {provider} = await context.start(() => ({
			...say('A long'),
			stop: 'max-tokens',
			usage: {input: 10, cached: 0, output: 64},
		}));
		const {stopReason} = await ask(provider, request({maxOutputTokens: 64}));
		expect(stopReason).toBe('max-tokens');
	});

	test('tells health, models and capabilities', async () => {
		const {provider} = await context.start(() => say('Never.'), {contextTokens: 8192});
		const signal = AbortSignal.timeout(patienceMs);
		expect(await provider.health({signal})).toMatchObject({state: 'up'});
		expect((await provider.models({signal})).map(({id}) => id)).toEqual(['test-model']);
		const {tools: canCall, contextTokens} = await provider.capabilities('test-model', {signal});
		expect({tools: canCall, contextTokens}).toEqual(context.traits.known);
	});

	test('counts the tokens of a request where the server can', async () => {
		const {provider, server} = await context.start(() => say('Never.'));
		const signal = AbortSignal.timeout(patienceMs);
		const count = async (text: string) =>
			provider.countTokens?.(request({messages: [{role: 'user', text}], tools}), {signal});
		const [few, more] = [await count('Hello.'), await count('Hello. Hello.')];
		expect(few === undefined ? undefined : Number(more) - few).toBe(
			context.traits.counts ? ' Hello.'.length : undefined,
		);
		expect(server.requests).toEqual([]);
	});

	test('trims the key', async () => {
		const {server} = await context.start(() => say('Hi.'), {key: 'secret'});
		const {message} = await ask(context.connect(server.url, {apiKey: 'secret\n'}), request());
		expect(textOf(message)).toBe('Hi.');
	});

	test('lets the server go when nobody reads on', async () => {
		const {provider, server} = await context.start(() =>
			delivered(say('A long answer.'), {how: 'stalled', afterBytes: Infinity}),
		);
		for await (const event of provider.stream(request(), limits())) {
			expect(event.type).toBe('text-delta');
			break;
		}

		await server.requests[0]?.disconnected;
	});
}

function wireMessagesOf({requests}: ModelServer): unknown {
	const {messages, input} = requests[0]?.body ?? {};
	const sent = messages ?? input;
	const isSystem = (message: unknown) =>
		typeof message === 'object' &&
		message !== null &&
		'role' in message &&
		message.role === 'system';
	return Array.isArray(sent) ? sent.filter(message => !isSystem(message)) : undefined;
}
