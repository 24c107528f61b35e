import {expect, test} from 'vitest';
import {createBudget} from '../../source/engine/budget.ts';

const {signal} = new AbortController();

test('without a limit every call gets what it asks for', async () => {
	const budget = createBudget(
		() => null,
		() => 1e9,
	);
	expect(await budget.reserve(100, 8_000, signal)).toMatchObject({maxOutputTokens: 8_000});
});

test('a call that does not fit waits for those in flight', async () => {
	let spent = 0;
	const budget = createBudget(
		() => 10_000,
		() => spent,
	);
	const first = await budget.reserve(1_000, 8_000, signal);
	let granted = false;
	const second = budget.reserve(1_000, 4_000, signal).then(reservation => {
		granted = true;
		return reservation;
	});
	await Promise.resolve();
	expect(granted).toBe(false);
	spent = 1_500;
	first.settle();
	expect(await second).toMatchObject({maxOutputTokens: 4_000});
});

test('when nobody is in flight the answer shrinks to what is left', async () => {
	const budget = createBudget(
		() => 3_000,
		() => 1_000,
	);
	expect(await budget.reserve(500, 8_000, signal)).toMatchObject({maxOutputTokens: 1_500});
});

test('when too little is left for an answer the run has reached its limit', async () => {
	const budget = createBudget(
		() => 3_000,
		() => 2_900,
	);
	await expect(budget.reserve(500, 8_000, signal)).rejects.toMatchObject({kind: 'limit-reached'});
});

test('a person is warned once, when four fifths are spent', async () => {
	let spent = 0;
	const warnings: number[] = [];
	const budget = createBudget(
		() => 10_000,
		() => spent,
		tokens => warnings.push(tokens),
	);
	for (const next of [5_000, 8_000, 9_000]) {
		const reservation = await budget.reserve(10, 300, signal);
		spent = next;
		reservation.settle();
	}

	expect(warnings).toEqual([8_000]);
});

test('waiting ends when the run ends', async () => {
	const budget = createBudget(
		() => 1_000,
		() => 0,
	);
	await budget.reserve(500, 400, signal);
	const stop = new AbortController();
	const waiting = budget.reserve(500, 400, stop.signal);
	stop.abort(new Error('stopped'));
	await expect(waiting).rejects.toThrow('stopped');
});

test('a larger limit counts at once, also for a call that waits; a person is warned of it anew', async () => {
	let limit: number | null = 1_000;
	let spent = 0;
	const warnings: number[] = [];
	const budget = createBudget(
		() => limit,
		() => spent,
		(_, of) => warnings.push(of),
	);
	const first = await budget.reserve(500, 400, signal);
	const waiting = budget.reserve(500, 4_000, signal);
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
	const third = await budget.reserve(1, 256, signal);
	third.settle();
	expect(warnings).toEqual([1_000, 2_000]);
	limit = null;
	expect(await budget.reserve(1e6, 8_000, signal)).toMatchObject({maxOutputTokens: 8_000});
});

test('a smaller limit counts at once', async () => {
	let limit = 10_000;
	const budget = createBudget(
		() => limit,
		() => 900,
	);
	limit = 1_000;
	await expect(budget.reserve(500, 400, signal)).rejects.toMatchObject({kind: 'limit-reached'});
});
