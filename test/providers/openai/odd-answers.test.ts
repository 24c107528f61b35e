import {describe, expect, test} from 'vitest';
import {textOf, toolCallsOf} from '../../../source/core/chat.ts';
import {createOpenAiProvider} from '../../../source/providers/openai/adapter.ts';
import {raw} from '../../helpers/model-server.ts';
import {request} from '../conformance/requests.ts';
import {ask, failureOf} from '../conformance/streams.ts';
import {eventStream, startLocal} from '../local/local-provider.ts';

const sse = 'text/event-stream';
const delta = (fields: object) => ({choices: [{index: 0, delta: fields}]});
const end = (reason: string, more: object = {}) => ({
	choices: [{index: 0, delta: {}, finish_reason: reason}],
	...more,
});
const stream = (...chunks: readonly object[]) => eventStream(chunks);
const hello = stream(delta({content: 'Hello.'}), end('stop'));

const connect = async (body: string, type = sse) =>
	(await startLocal(createOpenAiProvider, {type: 'openai'}, () => raw(body, type))).provider;
const answerTo = async (body: string, type = sse) => ask(await connect(body, type), request());
const failureFor = async (body: string, type = sse) =>
	failureOf(await connect(body, type), request());

const completion = {
	object: 'chat.completion',
	model: 'test-model',
	choices: [
		{
			index: 0,
			message: {
				role: 'assistant',
				content: 'Hello.',
				tool_calls: [{id: 'a', type: 'function', function: {name: 'read', arguments: '{"a":1}'}}],
			},
			finish_reason: 'tool_calls',
		},
	],
	usage: {prompt_tokens: 5, completion_tokens: 2},
};

describe('an answer is understood', () => {
	test.each([
		['with empty keep-alives', `data:\n\ndata: \n\n${hello}`],
		['with keep-alives that are words', `data: ping\n\ndata: : OPENROUTER PROCESSING\n\n${hello}`],
		['with keep-alives of null', `data: null\n\n${hello}`],
		[
			'with an empty error in each piece',
			stream({...delta({content: 'Hello.'}), error: {}}, end('stop')),
		],
		['labelled as JSON', hello, 'application/json'],
		[
			'with content in parts',
			stream(delta({content: [{type: 'text', text: 'Hello.'}]}), end('stop')),
		],
		[
			'with an object for its usage that holds texts',
			stream(
				delta({content: 'Hello.'}),
				end('stop', {usage: {prompt_tokens: '5', completion_tokens: '2'}}),
			),
		],
		['with a list for its usage', stream(delta({content: 'Hello.'}), end('stop', {usage: [1]}))],
		[
			'with null for all it leaves out',
			stream(
				delta({content: 'Hello.', tool_calls: null, refusal: null, reasoning: null}),
				end('stop', {usage: null, model: null}),
			),
		],
		['that ended with a word in capitals', stream(delta({content: 'Hello.'}), end('STOP'))],
	])('%s', async (_, body, type = sse) => {
		const answer = await answerTo(body, type);
		expect(textOf(answer.message)).toBe('Hello.');
		expect(answer.stopReason).toBe('end');
	});

	test.each([
		['on one line', JSON.stringify(completion), 'application/json'],
		['on many lines', JSON.stringify(completion, null, '\t'), 'application/json; charset=utf-8'],
		['labelled as a stream', JSON.stringify(completion), sse],
	])('complete, where a stream was asked for, %s', async (_, body, type) => {
		const {message, stopReason, usage} = await answerTo(body, type);
		expect(textOf(message)).toBe('Hello.');
		expect(toolCallsOf(message)).toMatchObject([{id: 'a', name: 'read', arguments: {a: 1}}]);
		expect(stopReason).toBe('tool-calls');
		expect(usage).toMatchObject({input: 5, output: 2});
	});

	test('usage as text counts', async () => {
		const body = stream(
			delta({content: 'Hello.'}),
			end('stop', {usage: {prompt_tokens: '5', completion_tokens: '2'}}),
		);
		expect((await answerTo(body)).usage).toMatchObject({input: 5, output: 2});
	});

	test('with reasoning as parts of its content', async () => {
		const body = stream(
			delta({content: [{type: 'thinking', thinking: [{type: 'text', text: 'Hm.'}]}]}),
			delta({content: 'Hello.'}),
			end('stop'),
		);
		const {message} = await answerTo(body);
		expect(textOf(message)).toBe('Hello.');
		expect(message.parts[0]).toMatchObject({kind: 'thinking', text: 'Hm.'});
	});

	test.each([
		['an object', {name: 'read', arguments: {a: 1}}],
		['text', {name: 'read', arguments: '{"a":1}'}],
	])('with arguments as %s', async (_, called) => {
		const body = stream(delta({tool_calls: [{index: 0, id: 'a', function: called}]}), end('stop'));
		const {message, stopReason} = await answerTo(body);
		expect(toolCallsOf(message)).toMatchObject([{name: 'read', arguments: {a: 1}}]);
		expect(stopReason).toBe('tool-calls');
	});

	test('with a call in the form before tools', async () => {
		const body = stream(
			delta({function_call: {name: 'read', arguments: '{"a"'}}),
			delta({function_call: {arguments: ':1}'}}),
			end('function_call'),
		);
		expect(toolCallsOf((await answerTo(body)).message)).toMatchObject([
			{name: 'read', arguments: {a: 1}},
		]);
	});
});

describe('no answer is taken for one', () => {
	test.each([
		['error', 'stream-truncated', /stopped with "error"/],
		['insufficient_system_resource', 'overloaded', /insufficient_system_resource/],
		['network_error', 'stream-truncated', /network_error/],
		['function_call_filter: MALFORMED_FUNCTION_CALL', 'empty-answer', /MALFORMED/],
	])('that stopped with %s', async (word, kind, message) => {
		const failure = await failureFor(stream(delta({content: 'Hel'}), end(word)));
		expect(failure).toMatchObject({kind, message: expect.stringMatching(message)});
	});

	test.each([
		['as vLLM sends it', {object: 'error', message: 'the engine died', code: 500}],
		['with a code and no type', {message: 'the engine died', code: 500}],
		['inside of error', {error: {message: 'the engine died'}}],
	])('an error within a stream keeps its message, %s', async (_, error) => {
		const failure = await failureFor(eventStream([delta({content: 'Hel'}), error]));
		expect(failure.message).toContain('the engine died');
	});

	test.each([
		['other JSON', '{"ok": true}', 'server-down'],
		['a list', '[1, 2]', 'server-down'],
		[
			'an error in JSON',
			'{"error": {"message": "no such key", "type": "authentication_error"}}',
			'auth',
		],
		['JSON that was cut off', '{"choices": [{"mess', 'stream-truncated'],
	])('%s in place of a stream', async (_, body, kind) => {
		expect(await failureFor(body, 'application/json')).toMatchObject({kind});
	});
});
