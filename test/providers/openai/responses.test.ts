import {afterEach, expect, test} from 'vitest';
import {createFetch} from '../../../source/providers/transport/fetch.ts';
import {createOpenAiProvider} from '../../../source/providers/openai/adapter.ts';
import {
	raw,
	say,
	startModelServer,
	type ModelServer,
	type Script,
} from '../../helpers/model-server.ts';
import {event} from '../../helpers/model-server/frames.ts';
import {redirectedFetch} from '../../helpers/model-server/vendor.ts';
import {request} from '../conformance/requests.ts';
import {ask, collect, failureOf, finished} from '../conformance/streams.ts';

let server: ModelServer | undefined;
afterEach(async () => server?.close());

const vendor = 'https://api.openai.com';

async function start(script: Script) {
	server = await startModelServer(script);
	const fetch = redirectedFetch(createFetch(), vendor, server.url);
	return {server, provider: createOpenAiProvider({type: 'openai', apiKey: 'key'}, {fetch})};
}

type Event = {readonly type: string; readonly [key: string]: unknown};

const stream = (...events: readonly Event[]) =>
	raw(
		events
			.map(({type, ...fields}) => event(type, JSON.parse(JSON.stringify({type, ...fields}))))
			.join(''),
		'text/event-stream',
	);

const completed: Event = {type: 'response.completed', response: {model: 'm-1'}};
const added = (output_index: number, item: object): Event => ({
	type: 'response.output_item.added',
	output_index,
	item,
});
const done = (output_index: number, item: object): Event => ({
	type: 'response.output_item.done',
	output_index,
	item,
});

test('the vendor is asked over the Responses API, every other address over chat completions', async () => {
	const {provider, server: own} = await start(() => say('Hi.'));
	await ask(provider, request());
	const other = createOpenAiProvider({type: 'openai', baseUrl: own.url}, {fetch: createFetch()});
	await ask(other, request());
	expect(own.requests.map(({path}) => path)).toEqual(['/v1/responses', '/v1/chat/completions']);
	expect(other.countTokens).toBeUndefined();
});

test('all of an answer is read, and each thing once', async () => {
	const reasoning = {type: 'reasoning', id: 'rs', summary: [], encrypted_content: 'e', novel: [1]};
	const summary = (summary_index: number, delta: string): Event => ({
		type: 'response.reasoning_summary_text.delta',
		output_index: 0,
		summary_index,
		delta,
	});
	const {provider} = await start(() =>
		stream(
			{type: 'response.created', response: {model: 'm-0'}},
			added(0, {...reasoning, encrypted_content: 'half'}),
			summary(0, 'One.'),
			summary(1, 'Two'),
			summary(1, '.'),
			done(0, reasoning),
			added(1, {type: 'web_search_call'}),
			added(3, {type: 'function_call', call_id: 'c', name: 'read', arguments: ''}),
			added(2, {type: 'message', content: []}),
			{type: 'response.output_text.delta', output_index: 2, delta: 'I look.'},
			{type: 'response.output_text.done', output_index: 2, text: 'I look.'},
			{type: 'response.function_call_arguments.delta', output_index: 3, delta: '{"path":'},
			done(2, {type: 'message', content: [{type: 'output_text', text: 'I look.'}]}),
			done(3, {type: 'function_call', call_id: 'c', name: 'read', arguments: '{"path":"a"}'}),
			{
				type: 'response.completed',
				response: {
					model: 'm-1',
					incomplete_details: null,
					usage: {
						input_tokens: 100,
						input_tokens_details: {cached_tokens: 60, cache_write_tokens: 30},
						output_tokens: 9,
						output_tokens_details: {reasoning_tokens: 4},
					},
				},
			},
		),
	);
	const events = await collect(provider, request());
	expect(events.slice(0, -1)).toEqual([
		{type: 'thinking-delta', text: 'One.'},
		{type: 'thinking-delta', text: '\n\nTwo'},
		{type: 'thinking-delta', text: '.'},
		{type: 'tool-call-started', name: 'read'},
		{type: 'text-delta', text: 'I look.'},
		{type: 'arguments-delta', text: '{"path":'},
	]);
	expect(finished(events)).toEqual({
		model: 'm-1',
		stopReason: 'tool-calls',
		usage: {
			input: 10,
			cacheRead: 60,
			cacheWrite: 30,
			output: 9,
			reasoning: 4,
			estimated: false,
		},
		message: {
			role: 'assistant',
			origin: {provider: 'openai', model: 'test-model'},
			parts: [
				{kind: 'thinking', text: 'One.\n\nTwo.', opaque: reasoning},
				{kind: 'text', text: 'I look.'},
				{
					kind: 'tool-call',
					id: 'c',
					name: 'read',
					argumentsText: '{"path":"a"}',
					arguments: {path: 'a'},
				},
			],
		},
	});
});

test('an answer that is cut has no half of a call', async () => {
	const call = {type: 'function_call', call_id: 'c', name: 'list', arguments: ''};
	for (const half of [[], [done(1, {...call, status: 'incomplete', arguments: '{}'})]]) {
		const {provider} = await start(() =>
			stream(
				{type: 'response.output_text.delta', output_index: 0, delta: 'I look.'},
				added(1, call),
				...half,
				{
					type: 'response.incomplete',
					response: {incomplete_details: {reason: 'max_output_tokens'}},
				},
			),
		);
		const {stopReason, message} = await ask(provider, request());
		expect(stopReason).toBe('max-tokens');
		expect(message.parts).toEqual([{kind: 'text', text: 'I look.'}]);
		await server?.close();
	}
});

test('a refusal and a filter are told from an end', async () => {
	const {provider} = await start(({ordinal}) =>
		ordinal === 0
			? {...say('I will not.'), stop: 'refusal'}
			: stream({
					type: 'response.incomplete',
					response: {incomplete_details: {reason: 'content_filter'}},
				}),
	);
	const refused = await ask(provider, request());
	expect(refused.stopReason).toBe('refusal');
	expect(refused.message.parts).toEqual([{kind: 'text', text: 'I will not.'}]);
	expect((await ask(provider, request())).stopReason).toBe('refusal');
});

test.each<[string, Event]>([
	['transient', {type: 'response.failed', response: {error: {code: 'server_error', message: 'x'}}}],
	['rate-limit', {type: 'response.failed', response: {error: {code: 'rate_limit_exceeded'}}}],
	['content-filtered', {type: 'response.failed', response: {error: {code: 'bio_policy'}}}],
	['transient', {type: 'response.failed', response: {}}],
	['overloaded', {type: 'error', code: 'server_is_overloaded', message: 'Later.', param: null}],
	['quota', {type: 'error', code: 'insufficient_quota', message: 'No money.', param: null}],
	['context-overflow', {type: 'error', code: 'context_length_exceeded', message: 'x', param: null}],
])('a stream can fail: %s by %j', async (kind, failure) => {
	const text = {type: 'response.output_text.delta', output_index: 0, delta: 'Half'};
	const {provider} = await start(() => stream(text, failure));
	expect(await failureOf(provider, request())).toMatchObject({kind, partial: 'Half'});
	// Some gateways leave the name of the event out.
	await server?.close();
	const nameless = await start(() =>
		raw(`data: ${JSON.stringify(failure)}\n\n`, 'text/event-stream'),
	);
	expect(await failureOf(nameless.provider, request())).toMatchObject({kind});
});

test('text that comes only with the finished item is not lost', async () => {
	const {provider} = await start(() =>
		stream(done(0, {type: 'message', content: [{type: 'output_text', text: 'Hi.'}]}), completed),
	);
	const events = await collect(provider, request());
	expect(events[0]).toEqual({type: 'text-delta', text: 'Hi.'});
	expect(finished(events).message.parts).toEqual([{kind: 'text', text: 'Hi.'}]);
});

test('a long answer is not too long because the stream says it five times', async () => {
	const text = 'word '.repeat(2 ** 19);
	const part = {type: 'output_text', text};
	const item = {type: 'message', content: [part]};
	const {provider} = await start(() =>
		stream(
			{type: 'response.output_text.delta', output_index: 0, delta: text},
			{type: 'response.output_text.done', output_index: 0, text},
			{type: 'response.content_part.done', output_index: 0, part},
			done(0, item),
			{type: 'response.completed', response: {output: [item]}},
		),
	);
	expect((await ask(provider, request())).message.parts).toEqual([{kind: 'text', text}]);
});
