import {expect, test} from 'vitest';
import {createGate} from '../../../source/engine/model/gate.ts';

const {signal} = new AbortController();

test('no more than the limit are inside, and they are let in in the order they came', async () => {
	const gate = createGate(2);
	const order: number[] = [];
	const first = await gate.enter(signal);
	await gate.enter(signal);
	const waiting = [1, 2].map(async number => {
		await gate.enter(signal);
		order.push(number);
	});
	expect(gate.full).toBe(true);
	first();
	first();
	await waiting[0];
	expect(order).toEqual([1]);
});

test('who gives up waiting leaves no hole', async () => {
	const gate = createGate(1);
	const leave = await gate.enter(signal);
	const stop = new AbortController();
	const given = gate.enter(stop.signal);
	const next = gate.enter(signal);
	stop.abort(new Error('given up'));
	await expect(given).rejects.toThrow('given up');
	leave();
	await expect(next).resolves.toBeTypeOf('function');
});

test('who is aborted inside keeps its place until it leaves', async () => {
	const gate = createGate(1);
	const stop = new AbortController();
	const leave = await gate.enter(stop.signal);
	const order: string[] = [];
	const next = gate.enter(signal).then(() => order.push('next is in'));
	stop.abort();
	await new Promise(setImmediate);
	order.push('leaves');
	leave();
	await next;
	expect(order).toEqual(['leaves', 'next is in']);
});

test('it shrinks to half of those inside, never below one, and grows again up to what it was made with', async () => {
	const gate = createGate(Number.POSITIVE_INFINITY);
	const leave = [await gate.enter(signal), await gate.enter(signal), await gate.enter(signal)];
	gate.shrink();
	expect(gate.limit).toBe(1);
	gate.shrink();
	expect(gate.limit).toBe(1);
	let isIn = false;
	const waiting = gate.enter(signal).then(() => {
		isIn = true;
	});
	leave[0]?.();
	leave[1]?.();
	await Promise.resolve();
	expect(isIn).toBe(false);
	gate.grow();
	await waiting;
	expect(gate.limit).toBe(2);
	const small = createGate(2);
	small.grow();
	expect(small.limit).toBe(2);
});
