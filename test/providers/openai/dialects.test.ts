import {expect, test} from 'vitest';
import type {AssistantMessage} from '../../../source/core/chat.ts';
import type {Json} from '../../../source/core/json.ts';
import {providerPresets} from '../../../source/core/provider-presets.ts';
import type {DialectName} from '../../../source/core/settings.ts';
import {createOpenAiProvider} from '../../../source/providers/openai/adapter.ts';
import {answerJson, httpError, say} from '../../helpers/model-server.ts';
import {request, schema} from '../conformance/requests.ts';
import {ask} from '../conformance/streams.ts';
import {startLocal} from '../local/local-provider.ts';

const called: AssistantMessage = {
	role: 'assistant',
	parts: [{kind: 'tool-call', id: 'call-1', name: 'read', arguments: {}, argumentsText: '{}'}],
	origin: {provider: 'openai', model: 'house-model'},
};

const conversation = [
	{role: 'user', text: 'Go.'},
	called,
	{role: 'tool', callId: 'call-1', name: 'read', text: '42', isError: false},
] as const;

/** What a gateway gets that is said to speak a dialect, for a model whose name tells nothing. */
async function sentTo(
	dialect: DialectName | undefined,
	model = 'house-model',
): Promise<{readonly [key: string]: Json}> {
	const {provider, server} = await startLocal(
		createOpenAiProvider,
		{type: 'openai', dialect},
		() => answerJson({answer: 'Done.'}),
		{models: [model]},
	);
	const messages = conversation.map(message =>
		'origin' in message ? {...message, origin: {provider: 'openai', model} as const} : message,
	);
	await ask(provider, request({model, messages, output: {name: 'answer', schema}}));
	return server.requests[0]?.body ?? {};
}

const assistantIn = ({messages}: {readonly [key: string]: Json}) =>
	Array.isArray(messages) ? messages[2] : undefined;

test('a gateway of which nothing is said gets the standard', async () => {
	const body = await sentTo(undefined);
	expect(body).toMatchObject({max_tokens: 256, response_format: {type: 'json_schema'}});
	expect(assistantIn(body)).toMatchObject({tool_calls: [{id: 'call-1'}]});
	expect(assistantIn(body)).not.toHaveProperty('reasoning_content');
	expect(assistantIn(body)).not.toHaveProperty('tool_calls.0.extra_content');
});

test('Mistral behind a gateway gets ids of nine letters and digits', async () => {
	expect(assistantIn(await sentTo('mistral'))).toMatchObject({
		tool_calls: [{id: expect.stringMatching(/^[a-zA-Z0-9]{9}$/)}],
	});
});

test('DeepSeek behind a gateway gets reasoning with every call, and no schema', async () => {
	const body = await sentTo('deepseek');
	expect(body).toMatchObject({response_format: {type: 'json_object'}});
	expect(assistantIn(body)).toMatchObject({reasoning_content: ''});
});

test('Gemini behind a gateway gets the substitute for a signature, but older models do not', async () => {
	expect(assistantIn(await sentTo('gemini'))).toHaveProperty('tool_calls.0.extra_content');
	for (const model of ['gemini-2.5-pro', 'gemma-3-27b-it']) {
		const sent = assistantIn(await sentTo('gemini', model));
		expect(sent).not.toHaveProperty('tool_calls.0.extra_content');
	}
});

test('a model of OpenAI behind a gateway gets the limit under its newer name', async () => {
	expect(await sentTo('openai')).toMatchObject({max_completion_tokens: 256});
});

test('a dialect that is said wrongly is corrected by what the server refuses', async () => {
	const {provider, server} = await startLocal(
		createOpenAiProvider,
		{type: 'openai', dialect: 'deepseek'},
		({body}) =>
			JSON.stringify(body).includes('reasoning_content')
				? httpError(400, {error: {message: 'Unsupported field: messages.reasoning_content'}})
				: say('Done.'),
		{models: ['house-model']},
	);
	await ask(provider, request({model: 'house-model', messages: conversation}));
	expect(server.requests).toHaveLength(2);
});

test.each([
	['mistral', 'mistral'],
	['deepseek', 'deepseek'],
	['gemini', 'gemini'],
	['groq', undefined],
])('the preset %s speaks %s', (name, dialect) => {
	expect(providerPresets[name]?.dialect).toBe(dialect);
});
