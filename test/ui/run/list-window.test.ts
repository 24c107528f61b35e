import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {
	keepVisible,
	moveSelection,
	scrollBy,
	type Move,
} from '../../../source/ui/run/list-window.ts';

const move = fc.constantFrom<Move>('up', 'down', 'page-up', 'page-down', 'first', 'last');
const size = fc.record({length: fc.nat(200), height: fc.integer({min: 1, max: 50})});
const place = fc.record({
	selected: fc.integer({min: -5, max: 250}),
	top: fc.integer({min: -5, max: 250}),
});

describe('a list with a selection', () => {
	test('keeps the selection in sight and shows no more blanks than it must', () => {
		fc.assert(
			fc.property(place, size, (place, {length, height}) => {
				const {selected, top} = keepVisible(place, {length, height});
				expect(selected).toBeGreaterThanOrEqual(0);
				expect(selected).toBeLessThan(Math.max(1, length));
				expect(top).toBeGreaterThanOrEqual(0);
				expect(top).toBeLessThanOrEqual(selected);
				expect(selected).toBeLessThan(top + height);
				expect(top).toBeLessThanOrEqual(Math.max(0, length - height));
			}),
		);
	});

	test('moves one row, one page, or to an end, and not the window where it need not', () => {
		const list = {length: 100, height: 10};
		const at = (selected: number, top: number) => ({selected, top});
		expect(moveSelection(at(5, 3), 'down', list)).toEqual(at(6, 3));
		expect(moveSelection(at(12, 3), 'down', list)).toEqual(at(13, 4));
		expect(moveSelection(at(5, 5), 'up', list)).toEqual(at(4, 4));
		expect(moveSelection(at(5, 3), 'page-down', list)).toEqual(at(14, 5));
		expect(moveSelection(at(50, 45), 'page-up', list)).toEqual(at(41, 41));
		expect(moveSelection(at(5, 3), 'last', list)).toEqual(at(99, 90));
		expect(moveSelection(at(5, 3), 'first', list)).toEqual(at(0, 0));
		expect(moveSelection(at(0, 0), 'up', list)).toEqual(at(0, 0));
		expect(moveSelection(at(99, 90), 'down', list)).toEqual(at(99, 90));
		expect(moveSelection(at(0, 0), 'last', {length: 0, height: 10})).toEqual(at(0, 0));
	});

	test('keeps its place when it stays within the list', () => {
		fc.assert(
			fc.property(place, size, (place, list) => {
				const kept = keepVisible(place, list);
				expect(keepVisible(kept, list)).toEqual(kept);
			}),
		);
	});
});

describe('a text that scrolls', () => {
	const at = (top: number | undefined, move: Move) =>
		scrollBy(top, move, {first: 20, length: 100, height: 10});

	test('moves by rows and pages between its first row and its end', () => {
		expect(at(50, 'up')).toBe(49);
		expect(at(50, 'down')).toBe(51);
		expect(at(50, 'page-up')).toBe(41);
		expect(at(50, 'page-down')).toBe(59);
		expect(at(50, 'first')).toBe(20);
		expect(at(20, 'up')).toBe(20);
		expect(at(5, 'up')).toBe(20);
	});

	test('follows its end once it is there, and leaves it from there', () => {
		expect(at(109, 'down')).toBeUndefined();
		expect(at(50, 'last')).toBeUndefined();
		expect(at(undefined, 'down')).toBeUndefined();
		expect(at(undefined, 'up')).toBe(109);
		expect(at(undefined, 'page-up')).toBe(101);
	});

	test('has nowhere to go where all of it is in sight', () => {
		for (const move of ['up', 'down', 'page-up', 'page-down', 'first', 'last'] as const) {
			expect(scrollBy(undefined, move, {first: 3, length: 5, height: 10})).toBeUndefined();
		}
	});

	test('is always within what is there', () => {
		fc.assert(
			fc.property(
				fc.option(fc.integer({min: -10, max: 300}), {nil: undefined}),
				move,
				size,
				fc.nat(50),
				(top, move, {length, height}, first) => {
					const next = scrollBy(top, move, {first, length, height}) ?? first + length - height;
					expect(next).toBeLessThanOrEqual(Math.max(first, first + length - height));
					expect(Math.max(first, next)).toBeGreaterThanOrEqual(first);
				},
			),
		);
	});
});
