import {limitsOf, reservation} from '../../helpers/context-parts.ts';
import {expect, test} from 'vitest';
import type {Usage} from '../../../source/core/chat.ts';
import type {Reserved} from '../../../source/core/run-state-entries.ts';
import {createBudget} from '../../../source/engine/model/budget.ts';

const {signal} = new AbortController();

test('without a limit every call gets what it asks for', async () => {
	const budget = createBudget(
		() => limitsOf(),
		() => ({tokens: 1e9, usd: 0}),
	);
	expect(await budget.reserve(reservation(100, 8_000), signal)).toMatchObject({
		maxOutputTokens: 8_000,
	});
});

test('a call that does not fit waits for those in flight', async () => {
	let spent = 0;
	const budget = createBudget(
		() => limitsOf({maxTokens: 10_000}),
		() => ({tokens: spent, usd: 0}),
	);
	const first = await budget.reserve(reservation(1_000, 8_000), signal);
	let granted = false;
	const second = budget.reserve(reservation(1_000, 4_000), signal).then(held => {
		granted = true;
		return held;
	});
	await Promise.resolve();
	expect(granted).toBe(false);
	spent = 1_500;
	first.settle();
	expect(await second).toMatchObject({maxOutputTokens: 4_000});
});

test('when nobody is in flight the answer shrinks to what is left', async () => {
	const budget = createBudget(
		() => limitsOf({maxTokens: 3_000}),
		() => ({tokens: 1_000, usd: 0}),
	);
	expect(await budget.reserve(reservation(500, 8_000), signal)).toMatchObject({
		maxOutputTokens: 1_500,
	});
});

test('when too little is left for an answer the run has reached its limit', async () => {
	const budget = createBudget(
		() => limitsOf({maxTokens: 3_000}),
		() => ({tokens: 2_900, usd: 0}),
	);
	await expect(budget.reserve(reservation(500, 8_000), signal)).rejects.toMatchObject({
		kind: 'limit-reached',
	});
});

test('a run that has reached its tokens names a limit under which its next call fits', async () => {
	const limits = limitsOf({maxTokens: 3_000});
	const used = {tokens: 2_900, usd: 0};
	const budget = createBudget(
		() => limits,
		() => used,
	);
	const request = reservation(5_000, 8_000);
	await expect(budget.reserve(request, signal)).rejects.toMatchObject({
		message: expect.stringContaining('2900 of its 3000 tokens; the next call needs about 5256'),
		hint: '--max-tokens 15800',
	});
	const raised = createBudget(
		() => limitsOf({maxTokens: 15_800}),
		() => used,
	);
	expect(await raised.reserve(request, signal)).toMatchObject({maxOutputTokens: 7_900});
});

test('a call takes the smallest answer that makes sense, and less is the limit', async () => {
	const reserve = async (maxTokens: number) =>
		createBudget(
			() => limitsOf({maxTokens}),
			() => ({tokens: 0, usd: 0}),
		).reserve(reservation(1_000, 8_000), signal);
	expect(await reserve(1_256)).toMatchObject({maxOutputTokens: 256});
	await expect(reserve(1_255)).rejects.toMatchObject({kind: 'limit-reached'});
});

test('a call that waits for others says so once, however often it looks again', async () => {
	let waits = 0;
	const budget = createBudget(
		() => limitsOf({maxTokens: 10_000}),
		() => ({tokens: 0, usd: 0}),
	);
	const held = await budget.reserve(reservation(1_000, 8_000), signal);
	const waiting = budget.reserve(reservation(1_000, 4_000), signal, () => {
		waits += 1;
	});
	await Promise.resolve();
	budget.changed();
	await Promise.resolve();
	budget.changed();
	await Promise.resolve();
	expect(waits).toBe(1);
	held.settle();
	await waiting;
});

test('a call that is given back twice counts once', async () => {
	const budget = createBudget(
		() => limitsOf({maxTokens: 10_000}),
		() => ({tokens: 0, usd: 0}),
	);
	const first = await budget.reserve(reservation(500, 4_000), signal);
	await budget.reserve(reservation(500, 4_000), signal);
	first.settle();
	first.settle();
	const stop = new AbortController();
	let isWaiting = false;
	const third = budget.reserve(reservation(500, 8_000), stop.signal, () => {
		isWaiting = true;
	});
	await Promise.resolve();
	expect(isWaiting).toBe(true);
	stop.abort();
	await expect(third).rejects.toThrow();
});

test('a person is warned once, when four fifths are spent', async () => {
	let spent = 0;
	const warnings: number[] = [];
	const budget = createBudget(
		() => limitsOf({maxTokens: 10_000}),
		() => ({tokens: spent, usd: 0}),
		({tokens}) => warnings.push(tokens),
	);
	for (const next of [5_000, 8_000, 9_000]) {
		const held = await budget.reserve(reservation(10, 300), signal);
		spent = next;
		held.settle();
	}

	expect(warnings).toEqual([8_000]);
});

test('waiting ends when the run ends', async () => {
	const budget = createBudget(
		() => limitsOf({maxTokens: 1_000}),
		() => ({tokens: 0, usd: 0}),
	);
	await budget.reserve(reservation(500, 400), signal);
	const stop = new AbortController();
	const waiting = budget.reserve(reservation(500, 400), stop.signal);
	stop.abort(new Error('stopped'));
	await expect(waiting).rejects.toThrow('stopped');
});

test('a larger limit counts at once, also for a call that waits; a person is warned of it anew', async () => {
	let limit: number | null = 1_000;
	let spent = 0;
	const warnings: (number | null)[] = [];
	const budget = createBudget(
		() => limitsOf({maxTokens: limit}),
		() => ({tokens: spent, usd: 0}),
		(_, {maxTokens}) => warnings.push(maxTokens),
	);
	const first = await budget.reserve(reservation(500, 400), signal);
	const waiting = budget.reserve(reservation(500, 4_000), signal);
	limit = 10_000;
	budget.changed();
	const second = await waiting;
	expect(second).toMatchObject({maxOutputTokens: 4_000});
	limit = 1_000;
	spent = 900;
	first.settle();
	limit = 2_000;
	second.settle();
	spent = 1_700;
	const third = await budget.reserve(reservation(1, 256), signal);
	third.settle();
	expect(warnings).toEqual([1_000, 2_000]);
	limit = null;
	expect(await budget.reserve(reservation(1e6, 8_000), signal)).toMatchObject({
		maxOutputTokens: 8_000,
	});
});

test('a smaller limit counts at once', async () => {
	let limit = 10_000;
	const budget = createBudget(
		() => limitsOf({maxTokens: limit}),
		() => ({tokens: 900, usd: 0}),
	);
	limit = 1_000;
	await expect(budget.reserve(reservation(500, 400), signal)).rejects.toMatchObject({
		kind: 'limit-reached',
	});
});

/** Two dollars for a million tokens of input, ten for output. */
const price = (usage: Usage) => ((usage.input ?? 0) * 2 + (usage.output ?? 0) * 10) / 1e6;

test('money is a limit as tokens are: the answer shrinks to what can be paid', async () => {
	const budget = createBudget(
		() => limitsOf({maxUsd: 1}),
		() => ({tokens: 0, usd: 0.95}),
	);
	const held = await budget.reserve(reservation(10_000, 8_000, {price}), signal);
	expect(held.maxOutputTokens).toBe(3_000);
	expect(held.held).toEqual({tokens: 13_000, usd: expect.closeTo(0.05)});
});

test('when too little money is left for an answer the run has reached its limit, and is told the next one', async () => {
	const budget = createBudget(
		() => limitsOf({maxUsd: 1}),
		() => ({tokens: 0, usd: 0.999}),
	);
	await expect(budget.reserve(reservation(10_000, 8_000, {price}), signal)).rejects.toMatchObject({
		kind: 'limit-reached',
		message: expect.stringContaining('$0.9990 of its $1.00'),
		hint: '--budget 2.04',
	});
	expect(await budget.reserve(reservation(10_000, 8_000), signal)).toMatchObject({
		maxOutputTokens: 8_000,
	});
});

test('money that is held back for a call under way counts', async () => {
	let usd = 0;
	const budget = createBudget(
		() => limitsOf({maxUsd: 0.1}),
		() => ({tokens: 0, usd}),
	);
	const first = await budget.reserve(reservation(0, 8_000, {price}), signal);
	let granted = false;
	const second = budget.reserve(reservation(0, 8_000, {price}), signal).then(held => {
		granted = true;
		return held;
	});
	await Promise.resolve();
	expect(granted).toBe(false);
	usd = 0.01;
	first.settle();
	expect(await second).toMatchObject({maxOutputTokens: 8_000});
});

test('a call without a price is made, unless it is blocked where there is a limit in dollars', async () => {
	const unknown = reservation(10, 300, {price: () => undefined});
	for (const limits of [{maxUsd: 1}, {unpriced: 'block'}] as const) {
		const budget = createBudget(
			() => limitsOf(limits),
			() => ({tokens: 0, usd: 0}),
		);
		expect(await budget.reserve(unknown, signal)).toMatchObject({maxOutputTokens: 300});
	}

	const blocked = createBudget(
		() => limitsOf({maxUsd: 1, unpriced: 'block'}),
		() => ({tokens: 0, usd: 0}),
	);
	await expect(blocked.reserve(unknown, signal)).rejects.toMatchObject({
		kind: 'limit-reached',
		message: expect.stringContaining('m has no known price'),
		hint: '--unpriced allow',
	});
});

test('of each limit a person is warned for itself', async () => {
	const warnings: Reserved[] = [];
	let spent = {tokens: 0, usd: 0};
	const budget = createBudget(
		() => limitsOf({maxTokens: 100_000, maxUsd: 1}),
		() => spent,
		known => warnings.push(known),
	);
	for (const next of [
		{tokens: 80_000, usd: 0.1},
		{tokens: 81_000, usd: 0.2},
		{tokens: 82_000, usd: 0.8},
		{tokens: 83_000, usd: 0.9},
	]) {
		const held = await budget.reserve(reservation(1, 256), signal);
		spent = next;
		held.settle();
	}

	expect(warnings.map(({tokens}) => tokens)).toEqual([80_000, 82_000]);
});

test('what is read is held back at its highest price: it may be written into a cache', async () => {
	const budget = createBudget(
		() => limitsOf({maxUsd: 1}),
		() => ({tokens: 0, usd: 0}),
	);
	const cached = (usage: Usage) => ((usage.input ?? 0) * 3 + (usage.cacheWrite ?? 0) * 3.75) / 1e6;
	const {held} = await budget.reserve(reservation(100_000, 300, {price: cached}), signal);
	expect(held.usd).toBeCloseTo(0.375);
});
