import {describe, expect, test} from 'vitest';
import {toolCallsOf, type ChatRequest} from '../../../source/core/chat.ts';
import {FailureError, type FailureLesson} from '../../../source/core/failure.ts';
import {recoverCalls} from '../../../source/core/recover-calls.ts';
import {createModelMemory} from '../../../source/engine/model/model-memory.ts';
import {
	connectionTo,
	hello,
	providerThat,
	request,
	setUpCaller,
	type CallerOptions,
} from '../../helpers/model-calls.ts';

/** A server that explains what is wrong with a request until it is right. */
async function setUp(
	problemOf: (asked: ChatRequest) => FailureLesson | undefined,
	options: CallerOptions & {readonly contextTokens?: number} = {},
) {
	const asked: ChatRequest[] = [];
	const {provider} = providerThat((_, __, chat) => {
		asked.push(chat);
		const lesson = problemOf(chat);
		const kind = lesson?.limits?.contextTokens === undefined ? 'bad-request' : 'context-overflow';
		return lesson ? new FailureError(kind, 'refused', {lesson}) : hello;
	});
	const {contextTokens = null} = options;
	const caller = await setUpCaller(() => hello, {
		connect: async () => connectionTo(provider, {maxOutputTokens: 8_192, contextTokens}),
		...options,
	});
	return {...caller, asked};
}

const tools = [{name: 'read', description: 'Reads.', input: {type: 'object'}}];

describe('a request is made to fit at once when the server says how', () => {
	test('the answer may be as long as the server allows', async () => {
		const {call, asked, events, waits} = await setUp(({maxOutputTokens}) =>
			maxOutputTokens > 4_096 ? {limits: {maxOutputTokens: 4_096}} : undefined,
		);
		expect(await call(request, 1)).toEqual(hello);
		expect(asked.map(({maxOutputTokens}) => maxOutputTokens)).toEqual([8_192, 4_096]);
		expect(waits).toEqual([]);
		expect(events.filter(({type}) => type === 'model-call-failed')).toMatchObject([{retryInMs: 0}]);
	});

	test('request and answer share the context that the server has, by its own count', async () => {
		const input = 1_234;
		const {call, asked} = await setUp(({maxOutputTokens}) =>
			input + maxOutputTokens > 8_192
				? {limits: {contextTokens: 8_192, inputTokens: input}}
				: undefined,
		);
		expect(await call({...request, system: 'x'.repeat(100)}, 1)).toEqual(hello);
		expect(asked).toHaveLength(2);
		expect(asked[1]?.maxOutputTokens).toBe(4_096);
	});

	test('later requests fit from the start, also those of other agents', async () => {
		const models = createModelMemory();
		const refuse = ({maxOutputTokens}: ChatRequest) =>
			maxOutputTokens > 512 ? {limits: {maxOutputTokens: 512}} : undefined;
		await (await setUp(refuse, {models})).call(request, 1);
		const other = await setUp(refuse, {models});
		await other.call(request, 1);
		expect(other.asked).toHaveLength(1);
	});

	test('a request that cannot fit is too long, and says what helps', async () => {
		const {provider} = providerThat(
			() =>
				new FailureError('context-overflow', 'too long', {lesson: {limits: {contextTokens: 500}}}),
		);
		const {call} = await setUpCaller(() => hello, {
			connect: async () => connectionTo(provider, {contextHint: 'restart it with a larger -c'}),
		});
		await expect(call({...request, system: 'x'.repeat(4_000)}, 1)).rejects.toMatchObject({
			kind: 'context-overflow',
			hint: 'restart it with a larger -c',
		});
	});

	test('a server that teaches the same again is not asked forever', async () => {
		let limit = 8_000;
		const {call, asked} = await setUp(() => ({limits: {maxOutputTokens: (limit -= 1)}}));
		await expect(call(request, 1)).rejects.toMatchObject({kind: 'bad-request'});
		expect(asked.length).toBeLessThan(8);
	});
});

test('a server that cannot pass tools on gets them described, from then on', async () => {
	const {call, asked} = await setUp(({tools: offered = []}) =>
		offered.length > 0 ? {refusesTools: true} : undefined,
	);
	const withTools = {...request, tools};
	await call(withTools, 1);
	await call({...withTools, system: 'next'}, 2);
	expect(asked).toHaveLength(3);
	expect(asked[2]?.system).toContain('- read: Reads.');
});

describe('what the model said, although its server made no call of it', () => {
	const read: CallerOptions['read'] = (answer, {messages}) =>
		recoverCalls(answer, name => name, messages);
	const failing = (generated: string) =>
		new FailureError('bad-call', 'tool_use_failed', {lesson: {generated}});

	test('is the call that it meant', async () => {
		const {call, calls} = await setUpCaller(
			() => failing('<function=read>{"path": "a"}</function>'),
			{read},
		);
		const {message, usage} = await call(request, 1);
		expect(toolCallsOf(message)).toMatchObject([{name: 'read', arguments: {path: 'a'}}]);
		expect(usage.estimated).toBe(true);
		expect(calls()).toBe(1);
	});

	test('is an answer without calls, if none can be read from it', async () => {
		const {call} = await setUpCaller(() => failing('I would read the file.'), {read});
		expect((await call(request, 1)).message.parts).toEqual([
			{kind: 'text', text: 'I would read the file.'},
		]);
	});
});
