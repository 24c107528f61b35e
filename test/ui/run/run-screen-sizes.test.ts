import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {textWidth} from '../../../source/present/text/width.ts';
import {planOf, subtask} from '../../helpers/run-parts.ts';
import {asked, begun, decided, planning, proposed} from '../../helpers/ui-run.ts';
import {screenOf} from '../frame.tsx';
import type {TestApp} from '../open-test-app.ts';
import {open} from './open-run-screen.ts';

/** The lines of a screen, which fit its terminal. */
function fittingLines({app}: TestApp): readonly string[] {
	const {columns, rows} = app.store.getState();
	const lines = screenOf(app);
	expect(lines.length).toBeLessThanOrEqual(rows);
	for (const line of lines) {
		expect(textWidth(line)).toBeLessThanOrEqual(columns);
	}

	return lines;
}

describe('whatever its size', () => {
	const detail = `${'long command '.repeat(60)}\n`.repeat(20);
	const many = planOf({
		subtasks: Array.from({length: 40}, (_, index) =>
			subtask(`task-${index}`, {
				title: '使用说明 of the endpoint '.repeat(4),
				dependsOn: index < 3 ? [] : [`task-${index - 3}`, `task-${index - 2}`],
			}),
		),
	});
	const crowd = planning({
		task: '使用 a very long task '.repeat(30),
		teammates: Array.from({length: 12}, (_, index) => `teammate-${index}-使用说明`),
	});
	const busy = [
		...crowd,
		...proposed(many),
		decided('p1'),
		...begun('task-0', 'teammate-0-使用说明'),
	];
	const wish = asked('t1', {agent: 'teammate-0-使用说明', subtask: 'task-0', detail});
	const keysOf: Readonly<Record<string, readonly string[]>> = {
		plan: ['2'],
		team: ['1', 'G'],
		log: ['3'],
		details: ['2', 'enter'],
		'a log alone': ['1', 'j', 'enter'],
		'a request': [],
		'a request alone': ['v'],
		'a text': ['m'],
		'a question': ['2', 'X'],
		'a notice': ['Z'],
	};

	test.each(Object.entries(keysOf))(
		'the screen fits its terminal, and all of it is there: %s',
		async (_, keys) => {
			const test = await open([...busy, wish]);
			test.run.say({agent: 'teammate-0-使用说明', kind: 'text', text: '使用说明 '.repeat(500)});
			test.keys(...keys);
			fc.assert(
				fc.property(
					fc.integer({min: 60, max: 180}),
					fc.integer({min: 15, max: 40}),
					(columns, rows) => {
						test.resize(columns, rows);
						const lines = fittingLines(test);
						expect(lines).toHaveLength(rows);
						expect(lines[0]).toContain('running');
						expect(lines.at(-2)).not.toBe('');
						if (test.app.store.getState().dialog === undefined) {
							expect(lines.at(-1)).toMatch(/q quit {2}\? help/);
						}
					},
				),
				{
					numRuns: 7,
					examples: [
						[60, 15],
						[99, 15],
						[100, 15],
						[200, 30],
					],
				},
			);
		},
	);

	test('the screen fits a terminal that is too small', async () => {
		const test = await open([...busy, wish]);
		fc.assert(
			fc.property(fc.integer({min: 1, max: 59}), fc.integer({min: 1, max: 40}), (columns, rows) => {
				test.resize(columns, rows);
				fittingLines(test);
			}),
			{numRuns: 25},
		);
	});

	test('shows every question with its answers', async () => {
		const test = await open(busy, {columns: 60, rows: 15, home: {}});
		for (const key of ['x', 'X', 'q']) {
			test.keys(key);
			const {choices} = {choices: [], ...test.dialog()};
			expect(choices.length).toBeGreaterThan(1);
			for (const {label} of choices) {
				expect(test.screen().replaceAll(/\s+/g, ' ')).toContain(label);
			}

			test.keys('escape');
		}
	});
});

test('of a plan with a thousand subtasks only the rows in sight are made', async () => {
	const lookups = async (count: number) => {
		const names = Array.from({length: count}, (_, index) => `s${index}`);
		const test = await open([
			...planning(),
			...proposed(planOf({subtasks: names.map(id => subtask(id))})),
			decided('p1'),
		]);
		const {subtasks} = test.run.state();
		let made = 0;
		const get = subtasks.get.bind(subtasks);
		subtasks.get = id => {
			made += 1;
			return get(id);
		};
		test.keys('G');
		const lines = screenOf(test.app).filter(line => / · s\d+ /.test(line));
		expect(lines.at(-1)).toContain(` s${count - 1} `);
		test.keys('g');
		expect(screenOf(test.app).join('\n')).toContain(' s0 ');
		return {made, rows: lines.length};
	};
	const [few, many] = [await lookups(40), await lookups(1_000)];
	expect(many).toEqual(few);
	expect(many.rows).toBeLessThan(30);
});
