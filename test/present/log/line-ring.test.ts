import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {createLineRing} from '../../../source/present/log/line-ring.ts';
import type {LogBlock} from '../../../source/present/log/log-block.ts';
import {rowText, span, type Row} from '../../../source/present/text/row.ts';

describe('the lines of a log', () => {
	test('are numbered from the beginning, and the oldest leave', () => {
		const ring = createLineRing({width: 20, capacity: 4, maxSize: 1_000});
		ring.append(block(['a1', 'a2', 'a3']));
		ring.append(block(['b1']));
		expect(held(ring)).toEqual(['0 a1', '1 a2', '2 a3', '3 b1']);
		ring.extend([[span('b2')], [span('b3')]]);
		expect(held(ring)).toEqual(['2 a3', '3 b1', '4 b2', '5 b3']);
		expect(ring.rows(0, 3).map(rowText)).toEqual(['a3']);
		expect(ring.rows(3, 2).map(rowText)).toEqual(['b1', 'b2']);
		expect(ring.rows(5, 100).map(rowText)).toEqual(['b3']);
	});

	test('have a tail that comes and goes', () => {
		const ring = createLineRing({width: 20, capacity: 4, maxSize: 1_000});
		ring.append(block(['a1', 'a2']));
		ring.setTail([[span('t1')], [span('t2')], [span('t3')]]);
		expect(held(ring)).toEqual(['1 a2', '2 t1', '3 t2', '4 t3']);
		expect(ring.blockAt(1)).toBeDefined();
		expect(ring.blockAt(2)).toBeUndefined();
		ring.extend([[span('a3')]]);
		expect(held(ring)).toEqual(['1 a2', '2 a3']);
	});

	test('go on where the view is when the tail is taken back', () => {
		const ring = createLineRing({width: 20, capacity: 2, maxSize: 1_000});
		ring.append(block(['a1']));
		ring.setTail(['1', '2', '3', '4', '5'].map(text => [span(text)]));
		expect(held(ring)).toEqual(['4 4', '5 5']);
		ring.setTail([[span('new')]]);
		expect(held(ring)).toEqual(['4 new']);
	});

	test('move when a block among them changes', () => {
		const ring = createLineRing({width: 20, capacity: 4, maxSize: 1_000});
		const changing = block(['a1']);
		ring.append(changing);
		ring.append(block(['b1']));
		changing.lines.push('a2');
		ring.refresh(changing);
		expect(held(ring)).toEqual(['0 a1', '1 a2', '2 b1']);
		changing.lines.splice(0, 1, 'x1', 'x2', 'x3', 'x4');
		ring.refresh(changing);
		expect(held(ring)).toEqual(['2 x3', '3 x4', '4 a2', '5 b1']);
		changing.lines.splice(1);
		ring.refresh(changing);
		expect(held(ring)).toEqual(['2 x1', '3 b1']);
	});

	test('leave a block alone that has left', () => {
		const ring = createLineRing({width: 20, capacity: 2, maxSize: 1_000});
		const gone = block(['a1']);
		for (const one of [gone, block(['b1', 'b2'])]) {
			ring.append(one);
		}
		gone.lines.push('a2');
		ring.refresh(gone);
		expect(held(ring)).toEqual(['1 b1', '2 b2']);
	});

	test('are made anew at another width', () => {
		const ring = createLineRing({width: 20, capacity: 9, maxSize: 1_000});
		ring.append(block(['a1', 'a2']));
		ring.refreshAll(1);
		expect(held(ring)).toEqual(['0 a', '1 1', '2 a', '3 2']);
		expect(ring.width).toBe(1);
	});

	test('leave when their sources are too much, but for the last block', () => {
		const ring = createLineRing({width: 20, capacity: 100, maxSize: 10});
		ring.append(block(['a'.repeat(6)]));
		ring.append(block(['b'.repeat(4)]));
		expect(ring.first).toBe(0);
		ring.append(block(['c']));
		expect(held(ring)).toEqual(['1 bbbb', '2 c']);
		ring.append(block(['d'.repeat(99)]));
		expect(ring.blocks().length).toBe(1);
		expect(ring.first).toBe(3);
	});

	test('are what a plain list would have, whatever happens', () => {
		const step = fc.oneof(
			fc.record({do: fc.constant('append' as const), lines: fc.nat(5)}),
			fc.record({do: fc.constant('refresh' as const), at: fc.nat(20), lines: fc.nat(5)}),
		);
		fc.assert(
			fc.property(
				fc.array(step, {maxLength: 30}),
				fc.integer({min: 6, max: 12}),
				(steps, capacity) => {
					const ring = createLineRing({width: 20, capacity, maxSize: 1_000_000});
					const all: TestBlock[] = [];
					for (const [index, one] of steps.entries()) {
						const lines = Array.from({length: one.lines}, (_, line) => `${index}.${line}`);
						if (one.do === 'append') {
							all.push(block(lines));
							ring.append(all.at(-1) ?? block([]));
							continue;
						}

						const known = ring.blocks();
						const changing = known[one.at % Math.max(1, known.length)];
						const mine = all.find(candidate => candidate === changing);
						if (changing && mine) {
							mine.lines.splice(0, mine.lines.length, ...lines);
							ring.refresh(changing);
						}
					}

					const texts = all.flatMap(({lines}) => lines);
					const shown = ring.rows(ring.first, 1_000).map(rowText);
					expect(ring.end - ring.first).toBe(shown.length);
					expect(shown.length).toBeLessThanOrEqual(capacity);
					expect(texts.slice(texts.length - shown.length)).toEqual(shown);
					for (const [index, row] of shown.entries()) {
						expect(ring.rows(ring.first + index, 1).map(rowText)).toEqual([row]);
					}
				},
			),
		);
	});
});

type TestBlock = LogBlock & {readonly lines: string[]};

/** A block of these lines, each in rows of `width` characters. */
function block(lines: string[]): TestBlock {
	return {
		lines,
		rows: width =>
			lines.flatMap(line =>
				(line.match(new RegExp(`.{1,${width}}`, 'g')) ?? ['']).map((text): Row => [span(text)]),
			),
		folded: false,
		fold: () => undefined,
		get size() {
			return lines.join('').length;
		},
		text: () => lines.join('\n'),
	};
}

function held(ring: ReturnType<typeof createLineRing>): readonly string[] {
	const {first, end} = ring;
	const rows = ring.rows(first, end - first);
	expect(rows.length).toBe(end - first);
	return rows.map((row, index) => `${first + index} ${rowText(row)}`);
}
