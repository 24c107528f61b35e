import {describe, expect, test} from 'vitest';
import {toolCallsOf, textOf, type Answer} from '../../../source/core/chat.ts';
import type {Json} from '../../../source/core/json.ts';
import {endpointOf} from '../../../source/providers/transport/endpoint.ts';
import {dialectOf} from '../../../source/providers/openai/dialects.ts';
import {createOpenAiReader} from '../../../source/providers/openai/chat-reader.ts';
import {request} from '../conformance/requests.ts';

/** What a server at an own address says; `undefined` stands for `[DONE]`. */
function read(chunks: readonly (Json | undefined)[], maxOutputTokens = 256): Answer | undefined {
	const endpoint = endpointOf({type: 'openai', baseUrl: 'http://localhost:9000'});
	const reader = createOpenAiReader(request({maxOutputTokens}), endpoint, dialectOf(endpoint));
	for (const chunk of chunks) {
		Array.from(reader.read(chunk));
	}

	return reader.answer();
}

const delta = (content: Json): Json => ({choices: [{index: 0, delta: content}]});
const callPart = (part: Json): Json => delta({tool_calls: [part]});
const end = (reason: string): Json => ({choices: [{index: 0, delta: {}, finish_reason: reason}]});

const callsIn = (...parts: readonly Json[]) => {
	const answer = read([...parts.map(callPart), end('tool_calls'), undefined]);
	return (
		answer && toolCallsOf(answer.message).map(({name, argumentsText}) => [name, argumentsText])
	);
};

const a = '{"path":"a"}';
const b = '{"path":"b"}';

describe('tool calls', () => {
	test.each<[string, readonly Json[], readonly (readonly [string, string])[]]>([
		[
			'whole in one part',
			[{index: 0, id: '1', function: {name: 'read', arguments: a}}],
			[['read', a]],
		],
		[
			'with an empty name in the parts that follow',
			[
				{index: 0, id: '1', function: {name: 'read', arguments: '{"path"'}},
				{index: 0, id: '', function: {name: '', arguments: ':"a"}'}},
			],
			[['read', a]],
		],
		[
			'with name and id in each part',
			[
				{index: 0, id: '1', function: {name: 'read', arguments: ''}},
				{index: 0, id: '1', function: {name: 'read', arguments: '{"path"'}},
				{index: 0, id: '1', function: {name: 'read', arguments: ':"a"}'}},
			],
			[['read', a]],
		],
		[
			'with another id in each part',
			[
				{index: 0, id: '1', function: {name: 'read', arguments: '{"path"'}},
				{index: 0, id: '2', function: {name: 'read', arguments: ':"a"}'}},
			],
			[['read', a]],
		],
		[
			'without an index, one after the other',
			[
				{id: '1', function: {name: 'read', arguments: '{"path"'}},
				{function: {arguments: ':"a"}'}},
				{id: '2', function: {name: 'read', arguments: '{"path"'}},
				{id: '2', function: {arguments: ':"b"}'}},
			],
			[
				['read', a],
				['read', b],
			],
		],
		[
			'without an index, mixed, as their ids say',
			[
				{id: '1', function: {name: 'read', arguments: '{"path"'}},
				{id: '2', function: {name: 'read', arguments: '{"path"'}},
				{id: '1', function: {arguments: ':"a"}'}},
				{id: '2', function: {arguments: ':"b"}'}},
			],
			[
				['read', a],
				['read', b],
			],
		],
		[
			'without index and id, whole',
			[{function: {name: 'read', arguments: a}}, {function: {name: 'read', arguments: b}}],
			[
				['read', a],
				['read', b],
			],
		],
		[
			'without index and id, of several tools without arguments',
			[{function: {name: 'list', arguments: ''}}, {function: {name: 'status', arguments: ''}}],
			[
				['list', '{}'],
				['status', '{}'],
			],
		],
		[
			'all with index 0',
			[
				{index: 0, id: '1', function: {name: 'read', arguments: a}},
				{index: 0, id: '2', function: {name: 'read', arguments: b}},
				{index: 0, id: '3', function: {name: 'list', arguments: '{}'}},
			],
			[
				['read', a],
				['read', b],
				['list', '{}'],
			],
		],
		[
			'all with one id',
			[
				{index: 0, id: '1', function: {name: 'read', arguments: a}},
				{index: 1, id: '1', function: {name: 'read', arguments: b}},
			],
			[
				['read', a],
				['read', b],
			],
		],
		[
			'mixed, as their indexes say',
			[
				{index: 0, id: '1', function: {name: 'read', arguments: '{"path"'}},
				{index: 1, id: '2', function: {name: 'read', arguments: '{"path"'}},
				{index: 0, function: {arguments: ':"a"}'}},
				{index: 1, function: {arguments: ':"b"}'}},
			],
			[
				['read', a],
				['read', b],
			],
		],
		[
			'with an object as arguments',
			[{index: 0, id: '1', function: {name: 'read', arguments: {path: 'a'}}}],
			[['read', a]],
		],
		[
			'whole, and an empty part at the end',
			[
				{index: 0, id: '1', function: {name: 'read', arguments: a}},
				{index: 0, id: '1', function: {name: 'read', arguments: ''}},
			],
			[['read', a]],
		],
	])('%s', (_, parts, calls) => {
		expect(callsIn(...parts)).toEqual(calls);
	});

	test('get ids where they have none or the same', () => {
		const parts = ['1', '1', null].map((id, index) =>
			callPart({index, id, function: {name: 'read', arguments: a}}),
		);
		const answer = read([...parts, end('tool_calls')]);
		const ids = answer ? toolCallsOf(answer.message).map(({id}) => id) : [];
		expect(ids[0]).toBe('1');
		expect(new Set(ids).size).toBe(3);
	});

	test('that are an empty list are none', () => {
		const answer = read([delta({content: 'Hi.', tool_calls: []}), end('stop'), undefined]);
		expect(answer?.message.parts).toEqual([{kind: 'text', text: 'Hi.'}]);
		expect(answer?.stopReason).toBe('end');
	});
});

test('chunks without choices say nothing', () => {
	const answer = read([{choices: []}, delta({content: 'Hi.'}), {}, end('stop'), undefined]);
	expect(answer?.message.parts).toEqual([{kind: 'text', text: 'Hi.'}]);
});

test.each(['reasoning', 'reasoning_content'])('thoughts come as %s', field => {
	const answer = read([
		delta({[field]: 'Hm.'}),
		delta({content: 'Hi.', [field]: null}),
		end('stop'),
	]);
	expect(answer?.message.parts).toEqual([
		{kind: 'thinking', text: 'Hm.', opaque: {[field]: 'Hm.'}},
		{kind: 'text', text: 'Hi.'},
	]);
});

describe('usage', () => {
	const usage = {prompt_tokens: 10, completion_tokens: 2};

	test('comes in the last chunk', () => {
		const answer = read([delta({content: 'Hi.'}), end('stop'), {choices: [], usage}, undefined]);
		expect(answer?.usage).toMatchObject({input: 10, output: 2});
	});

	test('comes in every chunk, and the last one counts', () => {
		const early = {...usage, completion_tokens: 1};
		const chunk = (content: string, counts: Json) => ({
			choices: [{delta: {content}}],
			usage: counts,
		});
		const answer = read([chunk('H', early), chunk('i.', usage), end('stop'), undefined]);
		expect(answer?.usage).toMatchObject({input: 10, output: 2});
	});

	test('comes not at all', () => {
		const answer = read([
			delta({content: 'Hi.'}),
			{...Object(end('stop')), usage: null},
			undefined,
		]);
		expect(answer?.usage).toMatchObject({input: null, output: null});
	});
});

describe('the end', () => {
	test('is there with the end mark alone', () => {
		const answer = read([delta({content: 'Hi.'}), undefined]);
		expect(answer?.stopReason).toBe('end');
		const called = read([callPart({index: 0, function: {name: 'read', arguments: a}}), undefined]);
		expect(called?.stopReason).toBe('tool-calls');
	});

	test('is there with a reason alone', () => {
		expect(read([delta({content: 'Hi.'}), end('stop')])?.stopReason).toBe('end');
	});

	test.each([null, ''])('is not there with the reason %j', reason => {
		const chunk = {choices: [{delta: {content: 'Hi.'}, finish_reason: reason}]};
		expect(read([chunk])).toBeUndefined();
	});

	test('by length is the limit that was asked for: this server answers a full context with an error', () => {
		expect(read([delta({content: 'Hi.'}), end('length'), undefined])?.stopReason).toBe(
			'max-tokens',
		);
	});
});

test('the speed that the server measured is kept', () => {
	const answer = read([
		delta({content: 'Hi.'}),
		{choices: [], timings: {predicted_per_second: 41.5}},
		undefined,
	]);
	expect(answer?.tokensPerSecond).toBe(41.5);
	expect(answer && textOf(answer.message)).toBe('Hi.');
});

test('thoughts whose opening tag is missing are no text of the finished answer', () => {
	const answer = read([
		delta({content: 'I wonder. '}),
		delta({content: 'So be it.\n</think>'}),
		delta({content: 'Done.'}),
		end('stop'),
		undefined,
	]);
	expect(answer && textOf(answer.message)).toBe('Done.');
	expect(answer?.message.parts[0]).toMatchObject({
		kind: 'thinking',
		text: expect.stringContaining('I wonder. So be it.'),
	});
});
