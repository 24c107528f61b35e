import {expect, test} from 'vitest';
import type {Answer} from '../../../source/core/chat.ts';
import {FailureError} from '../../../source/core/failure.ts';
import {
	connectionTo,
	hello,
	providerThat,
	request,
	setUpCaller,
} from '../../helpers/model-calls.ts';

test('a call for which no tokens are left is not made', async () => {
	const {call, calls} = await setUpCaller(() => hello, {limit: 100});
	await expect(call(request, 1)).rejects.toMatchObject({kind: 'limit-reached'});
	expect(calls()).toBe(0);
});

test('a call costs what its price says; without a price it is counted as unpriced', async () => {
	const {provider} = providerThat(() => hello);
	const priced = await setUpCaller(() => hello, {
		connect: async () =>
			connectionTo(provider, {price: ({input, output}) => (input ?? 0) + (output ?? 0)}),
	});
	await priced.call(request, 1);
	expect(priced.recorder.state.usage.total).toMatchObject({usd: 15, unpriced: 0});
	expect(priced.events[0]).toMatchObject({reservedUsd: expect.any(Number), provider: 'openai'});
	const unpriced = await setUpCaller(() => hello);
	await unpriced.call(request, 1);
	expect(unpriced.recorder.state.usage.total).toMatchObject({usd: 0, unpriced: 1});
});

test('what was held back for a call is free again after it', async () => {
	const {call, calls} = await setUpCaller(() => hello, {limit: 2_500});
	for (const turn of [1, 2, 3, 4]) {
		await call({...request, system: `turn ${turn}`}, turn);
	}

	expect(calls()).toBe(4);
});

test('what a failed call has used counts: by the server where it says so, else by our estimate', async () => {
	const empty = new FailureError('empty-answer', 'nothing', {
		usage: {...hello.usage, input: 5_000, output: 3_000},
	});
	const said = await setUpCaller(() => empty);
	await expect(said.call(request, 1)).rejects.toMatchObject({kind: 'empty-answer'});
	expect(said.recorder.state.usage.total).toMatchObject({calls: 2, total: 16_000});
	const {provider} = providerThat(() => hello, {
		async *stream() {
			yield {type: 'text-delta', text: textOfLength(3_500)};
			throw new FailureError('stream-truncated', 'cut');
		},
	});
	const cut = await setUpCaller(() => hello, {
		connect: async () => connectionTo(provider, {price: ({output}) => output ?? 0}),
	});
	await expect(cut.call(request, 1)).rejects.toMatchObject({kind: 'stream-truncated'});
	expect(cut.recorder.state.usage.total).toMatchObject({calls: 4, output: 4_000, usd: 4_000});
	const calling = providerThat(() => hello, {
		async *stream() {
			yield {type: 'tool-call-started', name: 'write_file'};
			yield {type: 'arguments-delta', text: textOfLength(3_500)};
			throw new FailureError('stream-truncated', 'cut');
		},
	});
	const cutCall = await setUpCaller(() => hello, {
		connect: async () => connectionTo(calling.provider),
	});
	await expect(cutCall.call(request, 1)).rejects.toMatchObject({kind: 'stream-truncated'});
	expect(cutCall.recorder.state.usage.total).toMatchObject({calls: 4, output: 4_000});
	const refused = await setUpCaller(() => new FailureError('auth', 'no'));
	await expect(refused.call(request, 1)).rejects.toMatchObject({kind: 'auth'});
	expect(refused.recorder.state.usage.total.calls).toBe(0);
});

test('a server that counts nothing is counted by our estimate, so that limits hold', async () => {
	const uncounted: Answer = {...hello, usage: {...hello.usage, input: null, output: null}};
	const {call, recorder} = await setUpCaller(() => uncounted);
	const answer = await call({...request, system: 'x'.repeat(3_500)}, 1);
	expect(answer.usage).toMatchObject({estimated: true});
	expect(recorder.state.usage.total.input).toBeGreaterThan(1_000);
	expect(recorder.state.usage.total.output).toBeGreaterThan(0);
});

test.each([
	['negative', -1e9],
	['beyond all measure', 1e308],
	['no whole number', 0.5],
	['no number', Number.NaN],
])('a count of tokens that is %s was not said', async (_, count) => {
	const odd: Answer = {
		...hello,
		usage: {...hello.usage, input: count, output: count, cacheRead: count},
		tokensPerSecond: count * Number.POSITIVE_INFINITY,
	};
	const {call, recorder} = await setUpCaller(() => odd);
	const {usage, tokensPerSecond} = await call(request, 1);
	expect(usage).toMatchObject({estimated: true, cacheRead: null});
	expect(tokensPerSecond).toBeUndefined();
	expect(recorder.state.usage.total.total).toBeGreaterThan(0);
	expect(recorder.state.usage.total.total).toBeLessThan(100);
});

/** A text that does not repeat itself. */
function textOfLength(length: number): string {
	return Array.from({length}, (_, index) => `${index} `)
		.join('')
		.slice(0, length);
}
