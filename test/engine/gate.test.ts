import {expect, test} from 'vitest';
import {createGate, createGates} from '../../source/engine/gate.ts';

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
	expect(gate.waiting).toBe(2);
	first();
	first();
	await waiting[0];
	expect(order).toEqual([1]);
	expect(gate.waiting).toBe(1);
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

test('each endpoint has a gate of its own', () => {
	const gates = createGates();
	expect(gates('a', 1)).toBe(gates('a', 1));
	expect(gates('a', 1)).not.toBe(gates('b', 1));
});
