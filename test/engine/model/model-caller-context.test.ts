import {expect, test} from 'vitest';
import {
	connectionTo,
	hello,
	providerThat,
	request,
	setUpCaller,
} from '../../helpers/model-calls.ts';

test('a conversation that leaves no room for an answer is not sent', async () => {
	const {provider, calls} = providerThat(() => hello);
	const {call, events} = await setUpCaller(() => hello, {
		connect: async () => connectionTo(provider, {contextTokens: 1_000}),
	});
	await expect(call({...request, system: 'x'.repeat(3_000)}, 1)).rejects.toMatchObject({
		kind: 'context-overflow',
		message: expect.stringMatching(/about \d+ of the 1000 tokens that m has here/),
	});
	expect(calls()).toBe(0);
	expect(events).toEqual([]);
});

test('near the end of the context the server is asked how long the request is, where it can tell', async () => {
	const {provider, calls} = providerThat(() => hello, {countTokens: async () => 400});
	const {call} = await setUpCaller(() => hello, {
		connect: async () => connectionTo(provider, {contextTokens: 1_000}),
	});
	expect(await call({...request, system: 'x'.repeat(3_400)}, 1)).toEqual(hello);
	expect(calls()).toBe(1);
});

test('the answer may be as long as the context has room', async () => {
	const asked: number[] = [];
	const {provider} = providerThat((_, __, {maxOutputTokens}) => {
		asked.push(maxOutputTokens);
		return hello;
	});
	const {call} = await setUpCaller(() => hello, {
		connect: async () => connectionTo(provider, {contextTokens: 1_500}),
	});
	await call({...request, system: 'x'.repeat(2_800)}, 1);
	expect(asked[0]).toBeGreaterThan(600);
	expect(asked[0]).toBeLessThan(700);
});

test('what the server counts decides what fits into the next request', async () => {
	const counted = {...hello, usage: {...hello.usage, input: 1_000}};
	const {provider, calls} = providerThat(() => counted);
	const {call} = await setUpCaller(() => hello, {
		connect: async () => connectionTo(provider, {contextTokens: 3_000, maxOutputTokens: 300}),
	});
	await call({...request, system: 'x'.repeat(930)}, 1);
	await expect(call({...request, system: 'x'.repeat(2_900)}, 2)).rejects.toMatchObject({
		kind: 'context-overflow',
	});
	expect(calls()).toBe(1);
});
