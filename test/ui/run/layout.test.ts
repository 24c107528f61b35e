import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {gap, layoutOf, minSize, type LayoutOptions} from '../../../source/ui/run/layout.ts';

/** Rows of header, notice and keys. */
const frame = 3;

const anyScreen: fc.Arbitrary<LayoutOptions> = fc.record({
	columns: fc.integer({min: minSize.columns, max: 300}),
	rows: fc.integer({min: minSize.rows, max: 100}),
	agents: fc.integer({min: 0, max: 20}),
	subtasks: fc.oneof(fc.integer({min: 0, max: 40}), fc.constant(5_000)),
	bottom: fc.oneof(fc.constant(0), fc.integer({min: 1, max: 300})),
});

describe('the layout of a run', () => {
	test.each([
		[59, 40, 'small'],
		[200, 14, 'small'],
		[60, 15, 'narrow'],
		[99, 100, 'narrow'],
		[100, 15, 'normal'],
		[159, 30, 'normal'],
		[160, 30, 'wide'],
	])('%i×%i is %s', (columns, rows, kind) => {
		expect(layoutOf({columns, rows, agents: 1, subtasks: 1, bottom: 0}).kind).toBe(kind);
	});

	test('fills the height of the terminal exactly, whatever there is to show', () => {
		fc.assert(
			fc.property(anyScreen, options => {
				const {kind, team, plan, logs, bottom, zoom} = layoutOf(options);
				const log = logs[0]?.height ?? 0;
				const below = bottom?.height ?? 0;
				expect(frame + (plan?.height ?? 0) + log + below).toBe(options.rows);
				expect(frame + zoom.height + below).toBe(options.rows);
				expect(team?.height).toBe(plan?.height);
				expect(logs.every(({height}) => height === log)).toBe(true);
				expect(kind).not.toBe('small');
			}),
		);
	});

	test('never goes over the width, and wastes less than a column a log', () => {
		fc.assert(
			fc.property(anyScreen, options => {
				const {kind, team, plan, logs, bottom, zoom} = layoutOf(options);
				const {columns} = options;
				expect(zoom.width).toBe(columns);
				expect(bottom?.width ?? columns).toBe(columns);
				const side = kind === 'narrow' ? 0 : gap + (team?.width ?? 0);
				expect((plan?.width ?? 0) + side).toBe(columns);
				const logsWidth = logs.reduce((sum, {width}) => sum + width, gap * (logs.length - 1));
				if (logs.length > 0) {
					expect(logsWidth).toBeLessThanOrEqual(columns);
					expect(columns - logsWidth).toBeLessThan(logs.length);
				}
			}),
		);
	});

	test('leaves every part room for its title and a row, and what is asked two rows and its keys', () => {
		fc.assert(
			fc.property(anyScreen, options => {
				const {team, plan, logs, bottom, zoom} = layoutOf(options);
				for (const part of [team, plan, ...logs, zoom]) {
					expect(part?.height).toBeGreaterThanOrEqual(2);
					expect(part?.width).toBeGreaterThanOrEqual(20);
				}

				if (options.bottom > 0) {
					expect(bottom?.height).toBeGreaterThanOrEqual(Math.min(options.bottom, 5));
					expect(bottom?.height).toBeLessThanOrEqual(options.bottom);
				}
			}),
		);
	});

	test('shows more logs on wider screens, and never more than there are agents', () => {
		const count = (columns: number, agents = 8) =>
			layoutOf({columns, rows: 40, agents, subtasks: 5, bottom: 0}).logs.length;
		expect([60, 99, 100, 159, 160, 199, 200, 300].map(columns => count(columns))).toEqual([
			1, 1, 2, 2, 3, 3, 4, 4,
		]);
		expect(count(300, 2)).toBe(2);
	});

	test('gives the plan what it needs and the logs the rest', () => {
		const {plan, logs} = layoutOf({columns: 120, rows: 60, agents: 4, subtasks: 8, bottom: 0});
		expect(plan?.height).toBe(9);
		expect(logs[0]?.height).toBe(60 - frame - 9);
	});

	test('has no parts on a screen that is too small, and no negative ones', () => {
		fc.assert(
			fc.property(
				anyScreen,
				fc.integer({min: 1, max: 59}),
				fc.integer({min: 1, max: 14}),
				(options, columns, rows) => {
					for (const size of [{columns}, {rows}, {columns, rows}]) {
						const layout = layoutOf({...options, ...size});
						expect(layout).toMatchObject({
							kind: 'small',
							team: undefined,
							plan: undefined,
							logs: [],
						});
						expect(layout.zoom.height).toBeGreaterThanOrEqual(0);
					}
				},
			),
		);
	});
});
