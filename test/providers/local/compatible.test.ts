import {expect, test} from 'vitest';
import type {Message} from '../../../source/core/chat.ts';
import {createOpenAiProvider} from '../../../source/providers/openai/adapter.ts';
import {answerJson, httpError, say} from '../../helpers/model-server.ts';
import {history, request, schema, tools} from '../conformance/requests.ts';
import {ask, failureOf} from '../conformance/streams.ts';
import {startLocal} from './local-provider.ts';

/** A server that refuses a request as long as it has that. */
const refusing = async (pattern: RegExp, message: string, status = 400) =>
	startLocal(createOpenAiProvider, {type: 'openai'}, ({body}) =>
		pattern.test(JSON.stringify(body))
			? httpError(status, {error: {message, type: 'invalid_request_error'}})
			: answerJson({city: 'Oslo'}),
	);

test.each([
	[
		'a limit with a new name',
		/"max_tokens"/,
		"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
		{max_completion_tokens: 256},
	],
	['no options of the stream', /stream_options/, 'Unknown field: stream_options', {stream: true}],
])('a server that wants %s gets it, from then on at once', async (_, refused, message, body) => {
	const {provider, server} = await refusing(refused, message);
	await ask(provider, request());
	await ask(provider, request());
	expect(server.requests).toHaveLength(3);
	expect(server.requests[2]?.body).toMatchObject(body);
	expect(JSON.stringify(server.requests[2]?.body)).not.toMatch(refused);
});

test('a server that knows no schemas is told the schema in words', async () => {
	const {provider, server} = await refusing(
		/"json_schema"/,
		'This response_format type is unavailable now',
		422,
	);
	await ask(provider, request({output: {name: 'place', schema}}));
	const {body, prompt} = server.requests[1] ?? {};
	expect(body?.['response_format']).toEqual({type: 'json_object'});
	expect(prompt).toContain(JSON.stringify(schema));
	expect(prompt).toContain('Be brief.');
});

test('several things are given up one after the other', async () => {
	const {provider, server} = await startLocal(createOpenAiProvider, {type: 'openai'}, ({body}) => {
		const refused = ['stream_options', 'json_schema'].find(field =>
			JSON.stringify(body).includes(field),
		);
		return refused
			? httpError(400, {error: {message: `${refused}: extra fields not permitted`}})
			: say('{}');
	});
	await ask(provider, request({output: {name: 'place', schema}}));
	expect(server.requests).toHaveLength(3);
});

test('a request that is refused for another reason is asked once', async () => {
	const {provider, server} = await refusing(/./, 'messages: must not be empty');
	expect(await failureOf(provider, request())).toMatchObject({kind: 'bad-request'});
	expect(server.requests).toHaveLength(1);
});

test('a server that refuses the other way too is not asked for ever', async () => {
	const {provider, server} = await refusing(/./, 'stream_options and max_completion_tokens');
	expect(await failureOf(provider, request())).toMatchObject({kind: 'bad-request'});
	expect(server.requests.length).toBeLessThanOrEqual(3);
});

test('an empty list of calls is never sent', async () => {
	const {provider, server} = await startLocal(createOpenAiProvider, {type: 'openai'}, () =>
		say('Hi.'),
	);
	const quiet: Message = {
		role: 'assistant',
		origin: {provider: 'openai', model: 'test-model'},
		parts: [{kind: 'text', text: 'Hm.'}],
	};
	await ask(provider, request({tools, messages: [...history, quiet]}));
	expect(JSON.stringify(server.requests[0]?.body)).not.toContain('"tool_calls":[]');
});
