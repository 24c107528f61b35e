import {describe, expect, test} from 'vitest';
import type {AssistantMessage, Message} from '../../../source/core/chat.ts';
import {isJsonObject, type Json} from '../../../source/core/json.ts';
import {createLlamaServerProvider} from '../../../source/providers/local/llama-server.ts';
import {createOpenAiProvider} from '../../../source/providers/openai/adapter.ts';
import {httpError, raw, say, type Script} from '../../helpers/model-server.ts';
import {request} from '../conformance/requests.ts';
import {ask, failureOf} from '../conformance/streams.ts';
import {eventStream, startLocal} from '../local/local-provider.ts';

const streamOf = (...deltas: readonly object[]) =>
	raw(
		eventStream([
			...deltas.map(delta => ({choices: [{index: 0, delta}]})),
			{choices: [{index: 0, delta: {}, finish_reason: 'tool_calls'}]},
		]),
		'text/event-stream',
	);

const start = async (script: Script) => startLocal(createOpenAiProvider, {type: 'openai'}, script);

const user = {role: 'user', text: 'Go.'} as const;
const toolCall = {index: 0, id: 'a', function: {name: 'read', arguments: '{}'}};

/** What the second request says of the answer to the first. */
async function sentBack(...deltas: readonly object[]): Promise<unknown> {
	const {provider, server} = await start(({ordinal}) =>
		ordinal === 0 ? streamOf(...deltas) : say('Done.'),
	);
	const {message} = await ask(provider, request({messages: [user]}));
	const result = {role: 'tool', callId: 'a', name: 'read', text: '42', isError: false} as const;
	await ask(provider, request({messages: [user, message, result]}));
	return messagesOf(server.requests[1]?.body).find(
		sent => isJsonObject(sent) && sent['role'] === 'assistant',
	);
}

function messagesOf(body: {readonly [key: string]: Json} | undefined): readonly Json[] {
	const messages = body?.['messages'];
	return Array.isArray(messages) ? messages : [];
}

describe('what only the server knows goes back unchanged', () => {
	test('the signature that Gemini puts on a call', async () => {
		const signature = {google: {thought_signature: 'c2ln'}};
		expect(await sentBack({tool_calls: [{...toolCall, extra_content: signature}]})).toEqual({
			role: 'assistant',
			content: null,
			tool_calls: [
				{
					id: 'a',
					type: 'function',
					function: {name: 'read', arguments: '{}'},
					extra_content: signature,
				},
			],
		});
	});

	test('blocks of reasoning that OpenRouter streams in pieces, each as a whole', async () => {
		const piece = (fields: object) => ({
			reasoning_details: [{type: 'reasoning.text', index: 0, format: 'anthropic', ...fields}],
		});
		const encrypted = {type: 'reasoning.encrypted', data: 'secret', id: 'r1', index: 1};
		expect(
			await sentBack(
				{...piece({text: 'Let'}), reasoning: 'Let'},
				{...piece({text: ' me see.'}), reasoning: ' me see.'},
				piece({signature: 'signed', text: null}),
				{reasoning_details: [encrypted]},
				{tool_calls: [toolCall]},
			),
		).toMatchObject({
			reasoning: 'Let me see.',
			reasoning_details: [
				{
					type: 'reasoning.text',
					index: 0,
					format: 'anthropic',
					text: 'Let me see.',
					signature: 'signed',
				},
				encrypted,
			],
		});
	});

	test('blocks without an index, until their signature', async () => {
		const block = (fields: object) => ({thinking_blocks: [{type: 'thinking', ...fields}]});
		expect(
			await sentBack(
				block({thinking: 'Let'}),
				block({thinking: ' me', signature: 'one'}),
				block({thinking: 'Again.'}),
				{tool_calls: [toolCall]},
			),
		).toMatchObject({
			thinking_blocks: [
				{type: 'thinking', thinking: 'Let me', signature: 'one'},
				{type: 'thinking', thinking: 'Again.'},
			],
		});
	});

	test('an empty reasoning_content as the empty string', async () => {
		expect(await sentBack({reasoning_content: '', tool_calls: [toolCall]})).toMatchObject({
			reasoning_content: '',
		});
	});

	test('names like __proto__ are just names', async () => {
		const odd = JSON.parse('{"__proto__": {"a": 1}}');
		const sent = await sentBack({tool_calls: [{...toolCall, odd}]});
		expect(JSON.stringify(sent)).toContain('"odd":{"__proto__":{"a":1}}');
		expect({}).not.toHaveProperty('a');
	});

	test('nothing of it goes to another model', async () => {
		const {provider, server} = await start(() => say('Done.'));
		const message: AssistantMessage = {
			role: 'assistant',
			origin: {provider: 'openai', model: 'another-model'},
			parts: [
				{kind: 'thinking', text: 'Hm.', opaque: {reasoning_details: [{data: 'x'}]}},
				{
					kind: 'tool-call',
					id: 'a',
					name: 'read',
					argumentsText: '{}',
					arguments: {},
					opaque: {extra_content: {google: {thought_signature: 'x'}}},
				},
			],
		};
		await ask(provider, request({messages: [user, message]}));
		const sent = JSON.stringify(server.requests[0]?.body);
		expect(sent).not.toMatch(/reasoning_details|extra_content/);
	});

	test('a field that the server refuses to take back is left out from then on', async () => {
		const {provider, server} = await start(({body, ordinal}) =>
			JSON.stringify(body).includes('provider_notes')
				? httpError(400, {
						error: {message: "property 'messages.1.provider_notes' is unsupported"},
					})
				: ordinal === 0
					? streamOf({provider_notes: {a: 1}, tool_calls: [toolCall]})
					: say('Done.'),
		);
		const {message} = await ask(provider, request({messages: [user]}));
		await ask(provider, request({messages: [user, message]}));
		await ask(provider, request({messages: [user, message]}));
		expect(server.requests).toHaveLength(4);
		expect(provider.concessions?.()).toEqual(['provider_notes']);
	});
});

const calledBefore = (origin = {provider: 'openai', model: 'test-model'}): readonly Message[] => [
	user,
	{
		role: 'assistant',
		origin,
		parts: [
			{kind: 'tool-call', id: 'call_1_0', name: 'read', argumentsText: '{}', arguments: {}},
			{kind: 'tool-call', id: 'call_1_1', name: 'read', argumentsText: '{}', arguments: {}},
		],
	},
	{role: 'tool', callId: 'call_1_0', name: 'read', text: '42', isError: false},
	{role: 'tool', callId: 'call_1_1', name: 'read', text: '43', isError: false},
];

test('DeepSeek, which wants reasoning_content with every answer, gets it, empty where there was none', async () => {
	const {provider, server} = await start(({body}) =>
		messagesOf(body).every(
			message =>
				!isJsonObject(message) || message['role'] !== 'assistant' || 'reasoning_content' in message,
		)
			? say('Done.')
			: httpError(400, {
					error: {
						message: 'The `reasoning_content` in the thinking mode must be passed back to the API.',
						type: 'invalid_request_error',
					},
				}),
	);
	await ask(provider, request({messages: calledBefore()}));
	expect(server.requests).toHaveLength(2);
	expect(messagesOf(server.requests[1]?.body)).toContainEqual(
		expect.objectContaining({role: 'assistant', reasoning_content: ''}),
	);
});

test('Gemini gets its substitute on the first call that has no signature', async () => {
	const {provider, server} = await start(() => say('Done.'));
	await ask(provider, request({model: 'google/gemini-3.5-flash', messages: calledBefore()}));
	const [, , message] = messagesOf(server.requests[0]?.body);
	expect(message).toMatchObject({
		tool_calls: [
			{extra_content: {google: {thought_signature: 'skip_thought_signature_validator'}}},
			{function: {name: 'read'}},
		],
	});
	expect(JSON.stringify(message).match(/skip_thought/g)).toHaveLength(1);
});

describe('a server with strict rules for conversations', () => {
	const nine = /^[a-zA-Z\d]{9}$/;

	/** As Mistral's and Gemma's templates check. */
	const problemOf = (messages: readonly Json[]): string | undefined => {
		let before = '';
		for (const message of messages.filter(isJsonObject)) {
			const {role, content, tool_calls: calls, tool_call_id: id} = message;
			if (role === before && role !== 'tool') {
				return 'After the optional system message, conversation roles must alternate user/assistant';
			}

			if (before === 'tool' && role === 'user') {
				return "Unexpected role 'user' after role 'tool'";
			}

			const ids = [id, ...(Array.isArray(calls) ? calls.map(call => call.id) : [])];
			if (ids.some(each => typeof each === 'string' && !nine.test(each))) {
				return 'Tool call IDs should be alphanumeric strings with length 9!';
			}

			if (role === 'assistant' && (content ?? '') === '' && calls === undefined) {
				return 'Assistant message must have either content or tool_calls';
			}

			before = typeof role === 'string' ? role : '';
		}

		return undefined;
	};

	const strict: Script = ({body}) => {
		const message = problemOf(messagesOf(body));
		return message === undefined ? say('Done.') : httpError(500, {error: {message}});
	};

	test.each<readonly [string, readonly Message[]]>([
		['two messages in a row', [user, {role: 'user', text: 'Now.'}]],
		['an answer without content', [user, assistant(''), {role: 'user', text: 'Well?'}]],
		['a message after a result', [...calledBefore(), {role: 'user', text: 'Wait.'}]],
		['two answers in a row', [user, assistant('One.'), assistant('Two.'), user]],
		['calls of another provider', calledBefore({provider: 'anthropic', model: 'other'})],
		['ids that we made', calledBefore()],
	])('accepts %s', async (_, messages) => {
		const {provider, server} = await startLocal(
			createLlamaServerProvider,
			{type: 'llama-server'},
			strict,
		);
		const chat = request({messages});
		expect((await ask(provider, chat)).message.parts).toEqual([{kind: 'text', text: 'Done.'}]);
		const sent = messagesOf(server.requests.at(-1)?.body);
		expect(problemOf(sent)).toBeUndefined();
		// Each call still has its result.
		expect(new Set(JSON.stringify(sent).match(/"tool_call_id":"\w+"/g)).size).toBe(
			(JSON.stringify(messages).match(/"callId"/g) ?? []).length,
		);
	});

	test('Mistral gets such ids with the first request', async () => {
		const {provider, server} = await start(strict);
		await ask(provider, request({model: 'mistral-large-latest', messages: calledBefore()}));
		expect(server.requests).toHaveLength(1);
	});

	test('several calls go one by one where a message may have one', async () => {
		const {provider, server} = await start(({body}) =>
			messagesOf(body).some(
				message =>
					isJsonObject(message) &&
					Array.isArray(message['tool_calls']) &&
					message['tool_calls'].length > 1,
			)
				? httpError(400, {error: {message: 'This model only supports single tool-calls at once!'}})
				: say('Done.'),
		);
		await ask(provider, request({messages: calledBefore()}));
		expect(messagesOf(server.requests[1]?.body).slice(2)).toMatchObject([
			{role: 'assistant', tool_calls: [{id: 'call_1_0'}]},
			{role: 'tool', tool_call_id: 'call_1_0', content: '42'},
			{role: 'assistant', tool_calls: [{id: 'call_1_1'}]},
			{role: 'tool', tool_call_id: 'call_1_1', content: '43'},
		]);
	});

	test('instructions stand before the first message where there is no role for them', async () => {
		const {provider, server} = await start(({body}) =>
			JSON.stringify(body).includes('"system"')
				? httpError(400, {error: {message: 'System role not supported'}})
				: say('Done.'),
		);
		await ask(provider, request({system: 'Be brief.', messages: [user]}));
		expect(messagesOf(server.requests[1]?.body)).toEqual([
			{role: 'user', content: 'Be brief.\n\nGo.'},
		]);
	});
});

test('an error of the server itself is no reason to change requests', async () => {
	const {provider, server} = await start(() =>
		httpError(500, {error: {message: 'stream_options: unexpected internal error'}}),
	);
	await failureOf(provider, request());
	expect(server.requests).toHaveLength(1);
});

function assistant(text: string): AssistantMessage {
	return {
		role: 'assistant',
		origin: {provider: 'llama-server', model: 'test-model'},
		parts: text === '' ? [] : [{kind: 'text', text}],
	};
}
