import {describe, expect, test} from 'vitest';
import type {Json} from '../../../source/core/json.ts';
import {createFetch} from '../../../source/providers/transport/fetch.ts';
import {createLlamaServerProvider} from '../../../source/providers/local/llama-server.ts';
import {
	httpError,
	raw,
	say,
	type ModelServerOptions,
	type Script,
} from '../../helpers/model-server.ts';
import {request, tools} from '../conformance/requests.ts';
import {ask, collect, failureOf} from '../conformance/streams.ts';
import {eventStream, startLocal, startPlainServer} from './local-provider.ts';

const {signal} = new AbortController();

const start = async (script: Script, pages: ModelServerOptions['pages'] = {}) =>
	startLocal(createLlamaServerProvider, {type: 'llama-server'}, script, {pages});

const props = (caps: Json) => ({
	'/props': {
		status: 200,
		body: {
			total_slots: 4,
			default_generation_settings: {n_ctx: 8192},
			...(caps === null ? {} : {chat_template_caps: caps}),
		},
	},
});

test.each([
	[
		'many calls',
		{supports_tool_calls: true, supports_parallel_tool_calls: true},
		{tools: 'native', callsPerAnswer: 'many'},
	],
	[
		'one call an answer',
		{supports_tool_calls: true, supports_parallel_tool_calls: false},
		{tools: 'native', callsPerAnswer: 'one'},
	],
	['no calls', {supports_tool_calls: false, supports_parallel_tool_calls: false}, {tools: 'none'}],
	['what nobody knows', null, {tools: 'unknown'}],
])('a template can take %s', async (_, caps, expected) => {
	const {provider} = await start(() => say(''), props(caps));
	expect(await provider.capabilities('any', {signal})).toMatchObject({
		contextTokens: 8192,
		parallelCalls: 4,
		...expected,
	});
});

test('a server that loads its model is loading, for its health and for a request', async () => {
	const loading = {error: {message: 'Loading model', type: 'unavailable_error', code: 503}};
	const {provider} = await start(() => httpError(503, loading), {
		'/health': {status: 503, body: loading},
	});
	expect(await provider.health({signal})).toEqual({state: 'loading'});
	expect(await failureOf(provider, request())).toMatchObject({kind: 'server-loading'});
});

test('a server with several models tells which are loaded', async () => {
	const data = [
		{id: 'a', status: {value: 'loaded'}},
		{id: 'b', status: {value: 'unloaded'}},
		{id: 'c'},
	];
	const {provider} = await start(() => say(''), {'/v1/models': {status: 200, body: {data}}});
	expect(await provider.models({signal})).toEqual([
		{id: 'a', loaded: true},
		{id: 'b', loaded: false},
		{id: 'c', loaded: true},
	]);
});

test.each([500, 400])(
	'a server without --jinja that refuses tools with %d is told',
	async status => {
		const message = 'tools param requires --jinja flag';
		const {provider} = await start(() =>
			httpError(status, {error: {code: status, message, type: 'server_error'}}),
		);
		const error = await failureOf(provider, request({tools}));
		expect(error).toMatchObject({kind: 'bad-request', status});
		expect(error.message).toContain(message);
		expect(error.hint).toMatch(/^start llama-server with --jinja/);
	},
);

describe('counting', () => {
	test('takes the whole request', async () => {
		let asked = '';
		const baseUrl = await startPlainServer(async (message, response) => {
			for await (const chunk of message) {
				asked += String(chunk);
			}

			const known = message.url === '/v1/chat/completions/input_tokens';
			response.writeHead(known ? 200 : 404, {'content-type': 'application/json'});
			response.end('{"input_tokens":321}');
		});
		const fetch = createFetch();
		const provider = createLlamaServerProvider({type: 'llama-server', baseUrl}, {fetch});
		expect(await provider.countTokens?.(request({tools}), {signal})).toBe(321);
		expect(JSON.parse(asked)).toMatchObject({
			messages: [{content: 'Be brief.'}, {content: 'Hello.'}],
			tools: [{function: {name: 'read'}}, {function: {name: 'list'}}],
			stream: false,
		});
	});

	test('is no page of an older server', async () => {
		const error = {code: 404, message: 'File Not Found', type: 'not_found_error'};
		const {provider} = await start(() => say(''), {
			'/v1/chat/completions/input_tokens': {status: 404, body: {error}},
		});
		await expect(provider.countTokens?.(request(), {signal})).rejects.toMatchObject({
			kind: 'server-down',
			status: 404,
		});
	});
});

test('what comes before an answer is told, and how fast it was', async () => {
	const {provider, server} = await start(() =>
		raw(
			eventStream([
				{choices: [], prompt_progress: {total: 400, cache: 100, processed: 200, time_ms: 5}},
				{choices: [], prompt_progress: {total: 0, cache: 0, processed: 0, time_ms: 5}},
				{choices: [{delta: {content: 'Hi.'}}]},
				{
					choices: [{delta: {}, finish_reason: 'stop'}],
					timings: {prompt_n: 3, predicted_n: 20, predicted_ms: 500, predicted_per_second: 40},
				},
			]),
			'text/event-stream',
		),
	);
	const events = await collect(provider, request());
	expect(events.slice(0, 3)).toEqual([
		{type: 'progress', phase: 'prompt', ratio: 0.5},
		{type: 'progress', phase: 'prompt', ratio: 1},
		{type: 'text-delta', text: 'Hi.'},
	]);
	expect(server.requests[0]?.body).toMatchObject({return_progress: true});
	expect((await ask(provider, request())).tokensPerSecond).toBe(40);
});
