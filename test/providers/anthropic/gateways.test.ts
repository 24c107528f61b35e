import {describe, expect, test} from 'vitest';
import {createAnthropicProvider} from '../../../source/providers/anthropic/adapter.ts';
import {testProvider} from '../../../source/providers/discovery/probe.ts';
import {
	call,
	httpError,
	raw,
	say,
	type ModelRequest,
	type Script,
} from '../../helpers/model-server.ts';
import {request, schema, tools} from '../conformance/requests.ts';
import {ask, failureOf} from '../conformance/streams.ts';
import {startLocal} from '../local/local-provider.ts';

const refusal = (message: string, status = 400, type = 'invalid_request_error') =>
	httpError(status, {type: 'error', error: {type, message}});

/** A gateway that refuses what `problem` names. */
const gateway = async (problem: (asked: ModelRequest) => string | undefined, script: Script) =>
	startLocal(createAnthropicProvider, {type: 'anthropic', apiKey: 'key-of-the-test'}, asked => {
		const message = problem(asked);
		return message === undefined ? script(asked) : refusal(message);
	});

const withTools = request({tools, system: 'Be brief.'});

describe('a gateway that refuses an optional field gets requests without it, from then on', () => {
	test('the cache breakpoint at the top level', async () => {
		const {provider, server} = await gateway(
			({body}) =>
				'cache_control' in body ? 'cache_control: Extra inputs are not permitted' : undefined,
			() => say('Done.'),
		);
		await ask(provider, withTools);
		await ask(provider, withTools);
		expect(server.requests).toHaveLength(3);
		expect(JSON.stringify(server.requests[2]?.body)).toContain('cache_control');
		expect(provider.concessions?.()).toEqual(['cache_control']);
	});

	test('all cache breakpoints', async () => {
		const {provider, server} = await gateway(
			({body}) =>
				JSON.stringify(body).includes('cache_control')
					? 'system.0.cache_control: Extra inputs are not permitted'
					: undefined,
			() => say('Done.'),
		);
		await ask(provider, withTools);
		expect(JSON.stringify(server.requests.at(-1)?.body)).not.toContain('cache_control');
	});

	test('the format of the answer, which is then part of the instructions', async () => {
		const {provider, server} = await gateway(
			({body}) =>
				'output_config' in body ? 'output_config: Extra inputs are not permitted' : undefined,
			() => say('{"city": "Oslo"}'),
		);
		await ask(provider, request({output: {name: 'place', schema}}));
		expect(server.requests[1]?.prompt).toContain(JSON.stringify(schema));
	});

	test('the newest version of the API', async () => {
		const {provider, server} = await gateway(
			({headers}) =>
				headers['anthropic-version'] === '2023-06-01'
					? undefined
					: "anthropic-version: '2026-10-21' is not a valid version",
			() => say('Done.'),
		);
		await ask(provider, withTools);
		expect(server.requests).toHaveLength(2);
	});
});

test('a gateway that looks for the key in x-api-key gets it there, for everything that is asked', async () => {
	const {provider, server} = await startLocal(
		createAnthropicProvider,
		{type: 'anthropic', apiKey: 'key-of-the-test'},
		({headers}) =>
			headers['x-api-key'] === 'key-of-the-test'
				? say('Done.')
				: refusal('x-api-key header is required', 401, 'authentication_error'),
	);
	await ask(provider, withTools);
	await ask(provider, withTools);
	expect(server.requests).toHaveLength(3);
	expect(server.headers.at(-1)).not.toHaveProperty('authorization');
});

test('a wrong key is not tried in another place', async () => {
	const {provider, server} = await startLocal(
		createAnthropicProvider,
		{type: 'anthropic', apiKey: 'key-of-the-test'},
		() => refusal('invalid x-api-key', 401, 'authentication_error'),
	);
	expect(await failureOf(provider, withTools)).toMatchObject({kind: 'auth'});
	expect(server.requests).toHaveLength(1);
});

test('test-provider says what is left out', async () => {
	const {provider} = await gateway(
		({body}) =>
			'cache_control' in body ? 'cache_control: Extra inputs are not permitted' : undefined,
		({tools: offered, schema: asked}) =>
			asked ? say('{"ok": true}') : offered.length > 0 ? call(offered[0] ?? '', {}) : say('Hi.'),
	);
	const result = await testProvider(provider, 'test-model', {
		signal: new AbortController().signal,
		now: () => 0,
	});
	expect(result.leftOut).toEqual(['cache_control']);
});

test('a complete message is understood where a stream was asked for', async () => {
	const message = {
		type: 'message',
		role: 'assistant',
		model: 'm',
		content: [
			{type: 'text', text: 'I read.'},
			{type: 'tool_use', id: 'toolu_1', name: 'read', input: {path: 'a'}, caller: {type: 'direct'}},
		],
		stop_reason: 'tool_use',
		usage: {input_tokens: 3, output_tokens: '2'},
	};
	const {provider} = await startLocal(
		createAnthropicProvider,
		{type: 'anthropic', apiKey: 'k'},
		() => raw(JSON.stringify(message), 'application/json'),
	);
	const answer = await ask(provider, withTools);
	expect(answer).toMatchObject({
		stopReason: 'tool-calls',
		usage: {input: 3, output: 2},
		message: {
			parts: [
				{kind: 'text', text: 'I read.'},
				{
					kind: 'tool-call',
					id: 'toolu_1',
					arguments: {path: 'a'},
					opaque: {caller: {type: 'direct'}},
				},
			],
		},
	});
});

test('a word for the end that nobody knows is not the end of an answer', async () => {
	const events = [
		{type: 'message_start', message: {model: 'm', usage: {input_tokens: 1, output_tokens: 1}}},
		{type: 'content_block_start', index: 0, content_block: {type: 'text', text: 'Hel'}},
		{type: 'message_delta', delta: {stop_reason: 'error'}, usage: {output_tokens: 1}},
		{type: 'message_stop'},
	];
	const body = events.map(event => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
	const {provider} = await startLocal(
		createAnthropicProvider,
		{type: 'anthropic', apiKey: 'k'},
		() => raw(body.join(''), 'text/event-stream'),
	);
	expect(await failureOf(provider, withTools)).toMatchObject({kind: 'stream-truncated'});
});
