import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {AppState, Dialog} from '../../../source/ui/app-store.ts';
import {homeLayout} from '../../../source/ui/home/home-layout.ts';
import {homeViewOf, type HomeView} from '../../../source/ui/home/home-view.ts';
import {missing, provider, run, testOf} from './full-home.ts';

const question: Dialog = {kind: 'confirm', title: 'Sure?', rows: [], choices: []};
const team = {name: 'calm', provider: 'demo', model: undefined, teammates: 2, createdAt: 0};

const screen = fc.record({
	columns: fc.integer({min: 30, max: 300}),
	rows: fc.integer({min: 8, max: 100}),
	dialog: fc.constantFrom<Dialog | undefined>(undefined, question, {kind: 'help', top: 0}),
	teams: fc.option(fc.nat(30), {nil: undefined}),
	runs: fc.nat(50),
	part: fc.constantFrom('teams', 'runs', 'providers'),
	tested: fc.option(fc.nat(30), {nil: undefined}),
});

function layout({
	columns,
	rows,
	dialog,
	teams,
	runs = 0,
	part = 'teams',
	tested,
}: {
	columns: number;
	rows: number;
	dialog: Dialog | undefined;
	teams: number | undefined;
	runs?: number;
	part?: HomeView['part'];
	tested?: number | undefined;
}) {
	const view = {
		...homeViewOf('/p'),
		teams: teams === undefined ? undefined : Array.from({length: teams}, () => team),
		runs: Array.from({length: runs}, () => run),
		providers: [provider, missing],
		part,
		test:
			tested === undefined
				? undefined
				: testOf({
						lines: Array.from({length: tested}, () => ({outcome: 'ok', text: 'x '.repeat(90)})),
					}),
	};
	const state: AppState = {
		columns,
		rows,
		dialog,
		tick: 0,
		home: view,
		run: undefined,
		notice: undefined,
	};
	return homeLayout(view, state);
}

describe('the layout of the home screen', () => {
	test('fills the height of the terminal exactly, with no part below nothing', () => {
		fc.assert(
			fc.property(screen, options => {
				const {task, teams, runs, providers, sideBySide, dialog} = layout(options);
				const above = sideBySide ? 0 : teams.height;
				const lists = above + runs.height + providers.height;
				expect(teams.height).toBe(sideBySide ? runs.height : teams.height);
				expect(3 + task.height + lists + dialog).toBe(options.rows);

				for (const {height} of [task, teams, runs, providers]) {
					expect(height).toBeGreaterThanOrEqual(0);
				}
			}),
		);
	});

	test('never goes over the width', () => {
		fc.assert(
			fc.property(screen, options => {
				const {task, teams, runs, providers, sideBySide} = layout(options);
				expect(task.width).toBe(options.columns);
				expect(providers.width).toBe(options.columns);
				expect(sideBySide ? teams.width + 2 + runs.width : runs.width).toBe(options.columns);
			}),
		);
	});

	test('has room for a question, and its task, from 60×15 on', () => {
		const {task, dialog} = layout({columns: 60, rows: 15, dialog: question, teams: 1});
		expect(dialog).toBeGreaterThanOrEqual(5);
		expect(task.height).toBeGreaterThanOrEqual(2);
	});

	test('leaves a list in sight while its rows are gone through, from 60×15 on', () => {
		const small = fc.record({
			columns: fc.integer({min: 60, max: 99}),
			rows: fc.integer({min: 15, max: 60}),
			teams: fc.integer({min: 1, max: 30}),
			runs: fc.nat(50),
			tested: fc.option(fc.nat(30), {nil: undefined}),
		});
		fc.assert(
			fc.property(small, fc.constantFrom('teams', 'runs', 'providers'), (options, part) => {
				const sizes = layout({...options, part, dialog: undefined});
				expect(sizes[part].height).toBeGreaterThanOrEqual(2);
			}),
		);
	});

	test('gives providers no place where nothing but their title would fit', () => {
		for (const runs of [1, 2, 3, 4, 5]) {
			const options = {columns: 60, rows: 15, dialog: undefined, teams: 3, runs};
			expect([0, 3]).toContain(layout(options).providers.height);
		}
	});

	test('shows providers beside runs at 80×24, with one team or many', () => {
		for (const teams of [0, 1, 5, 30]) {
			const {runs, providers} = layout({columns: 80, rows: 24, dialog: undefined, teams});
			expect(runs.height).toBeGreaterThanOrEqual(4);
			expect(providers.height).toBeGreaterThanOrEqual(4);
		}
	});
});
