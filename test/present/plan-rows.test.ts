import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Plan} from '../../source/core/plan.ts';
import {emptyRunState, noTokens, type RunState} from '../../source/core/run-state.ts';
import type {SubtaskState, SubtaskStatus} from '../../source/core/run-state-entries.ts';
import {planHeading, planRow, type PlanRowOptions} from '../../source/present/plan-rows.ts';
import {layoutRails} from '../../source/present/rails/rail-graph.ts';
import {rowText, rowWidth, type Row} from '../../source/present/text/row.ts';
import {poison, unprintable} from '../core/hostile.ts';
import {randomPlan} from '../core/random-plan.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';
import {stateOf as approvedState} from './detail-lines.ts';

const start = Date.parse('2026-01-02T10:00:00.000Z');
/** Active time of the run as of the last event, 300 s, and 20 s more. */
const now = start + 320_000;

const plan = planOf({
	subtasks: [
		subtask('schema', {title: 'Design the database schema and its migrations'}),
		subtask('deps', {title: 'Add the libraries'}),
		subtask('api', {title: 'Write the endpoints', dependsOn: ['schema', 'deps']}),
		subtask('ui', {title: 'Build the account page', dependsOn: ['deps']}),
		subtask('docs', {title: '使用说明 for the endpoints', dependsOn: ['api']}),
		subtask('tests', {title: 'End-to-end tests of login', dependsOn: ['api', 'ui']}),
		subtask('fix', {
			title: 'Repair what the tests found',
			dependsOn: [{subtask: 'tests', when: 'failure'}],
		}),
		subtask('release', {
			title: 'Write the release notes',
			join: 'any',
			dependsOn: ['tests', 'fix'],
		}),
	],
});

const early = stateOf(plan, {
	schema: {...done('alice', 0, 63), finished: changeOf(12, 3)},
	deps: done('bob', 0, 20),
	api: {status: 'running', agent: 'alice', attempt: 2, startedActiveMs: 64_000},
	ui: {
		status: 'verifying',
		agent: 'bob',
		attempt: 1,
		startedActiveMs: 30_000,
		checks: [checkOf(true), checkOf(undefined)],
	},
});

const late = stateOf(plan, {
	schema: done('alice', 0, 63),
	deps: done('bob', 0, 20),
	api: done('alice', 64, 200),
	ui: done('bob', 30, 99),
	docs: {status: 'awaiting-approval', agent: 'carol', attempt: 1, startedActiveMs: 200_000},
	tests: {
		status: 'failed',
		agent: 'bob',
		attempt: 3,
		startedActiveMs: 200_000,
		endedActiveMs: 300_000,
		failure: {kind: 'check-failed', message: 'red'},
	},
	fix: {status: 'merging', agent: 'alice', attempt: 1, startedActiveMs: 301_000},
});

describe('the rows of a plan', () => {
	test('say at a glance what runs, what waits for what and what is done', () => {
		expect(rowsOf(plan, early, {width: 80, now})).toEqual([
			'◆─╮   ✓ schema   Design the database schema and i…  alice · +12 −3         01:03',
			'◆─┼─╮ ✓ deps     Add the libraries                  bob                    00:20',
			'  ● │ ◐ api      Write the endpoints                alice · attempt 2      04:16',
			'●◂┤ │ · docs     使用说明 for the endpoints         waiting for api             ',
			'  ├◂● ◑ ui       Build the account page             checks 1/2 · bob       04:50',
			'●◂╯   · tests    End-to-end tests of login          waiting for api, ui         ',
			'├▹●   · fix      Repair what the tests found        waiting for tests           ',
			'●◂╯   · release  Write the release notes            waiting for any of tests +1 ',
		]);
	});

	test('say what failed and who waits for a decision', () => {
		expect(rowsOf(plan, late, {width: 80, now}).slice(2)).toEqual([
			'  ● │ ✓ api      Write the endpoints                alice                  02:16',
			'●◂┤ │ ? docs     使用说明 for the endpoints         waiting for you        02:00',
			'  ├◂● ✓ ui       Build the account page             bob                    01:09',
			'●◂╯   ✗ tests    End-to-end tests of login          check-failed           01:40',
			'├▹●   ◒ fix      Repair what the tests found        merging · alice        00:19',
			'●◂╯   · release  Write the release notes            waiting for fix             ',
		]);
	});

	test('say that nothing goes on where nobody works on the run', () => {
		const stopped = {...late, status: 'stopped'} as const;
		const rows = rowsOf(plan, stopped, {width: 80, now: now + 60_000});
		expect(rows.slice(2)).toEqual([
			'  ● │ ✓ api      Write the endpoints                alice                  02:16',
			'●◂┤ │ ■ docs     使用说明 for the endpoints         stopped · carol        01:40',
			'  ├◂● ✓ ui       Build the account page             bob                    01:09',
			'●◂╯   ✗ tests    End-to-end tests of login          check-failed           01:40',
			'├▹●   ■ fix      Repair what the tests found        stopped · alice        00:00',
			'●◂╯   · release  Write the release notes            not started                 ',
		]);
		expect(rowsOf(plan, stopped, {width: 80, ascii: true})[3]).toContain(' # docs ');
	});

	test('can be read in 60 columns', () => {
		expect(rowsOf(plan, early, {width: 60, now})).toEqual([
			'◆─╮   ✓ schema   Design the databas…  alice · +12 −3   01:03',
			'◆─┼─╮ ✓ deps     Add the libraries    bob              00:20',
			'  ● │ ◐ api      Write the endpoints  alice            04:16',
			'●◂┤ │ · docs     使用说明 for the e…  waiting for api       ',
			'  ├◂● ◑ ui       Build the account …  checks 1/2 · bob 04:50',
			'●◂╯   · tests    End-to-end tests o…  waiting for api, ui   ',
			'├▹●   · fix      Repair what the te…  waiting for tests     ',
			'●◂╯   · release  Write the release …  waiting for any of 2  ',
		]);
	});

	test('have a form in ASCII', () => {
		const plain = planOf({
			subtasks: plan.subtasks.map(entry => ({...entry, title: `${entry.id} `.repeat(20)})),
		});
		const rows = rowsOf(plain, early, {width: 70, now, ascii: true});
		expect(rows.slice(0, 3)).toEqual([
			'o-\\   v schema   schema schema schema schema ~  alice - +12 -3   01:03',
			'o-+-\\ v deps     deps deps deps deps deps dep~  bob              00:20',
			'  * | > api      api api api api api api api ~  alice            04:16',
		]);
		for (const row of [...rows, ...rowsOf(plain, late, {width: 70, now, ascii: true})]) {
			expect(row).toMatch(/^[ -~]*$/);
		}
	});

	test('name what no rail shows, as far as there is room', () => {
		const ids = Array.from({length: 9}, (_, index) => `subtask-${index}`);
		const wide = planOf({
			subtasks: [
				...ids.map(id => subtask(id)),
				...ids.map(id => subtask(`after-${id}`, {dependsOn: [id]})),
				subtask('last', {title: 'The last one', dependsOn: ids.map(id => `after-${id}`)}),
			],
		});
		const layout = layoutRails(wide, {maxLanes: 1});
		const text = rowText(planRow(layout, layout.rows.length - 1, stateOf(wide, {}), {width: 100}));
		expect(layout.rows.at(-1)?.spilled).toHaveLength(8);
		expect(text).toMatch(/The last one +← after-subtask-0 \+7 {2}/);
	});

	test('name the condition of what no rail shows', () => {
		const wide = planOf({
			subtasks: [
				subtask('a'),
				subtask('b'),
				subtask('c', {dependsOn: [{subtask: 'a', when: 'failure'}, 'b']}),
			],
		});
		const [, , row] = layoutRails(wide, {maxLanes: 1}).rows.map((_, index) =>
			planRow(layoutRails(wide, {maxLanes: 1}), index, stateOf(wide, {}), {width: 80}),
		);
		expect(rowText(row ?? [])).toContain(' ← a failed ');
	});

	test('tell why an agent does not go on', () => {
		const state = stateOf(plan, {api: {status: 'running', agent: 'alice', startedActiveMs: 0}});
		state.agents.set('alice', {
			name: 'alice',
			provider: 'p',
			model: 'm',
			activity: 'waiting',
			detail: undefined,
			waitsFor: 'paused',
			until: undefined,
			since: undefined,
			subtask: 'api',
			attempt: 1,
			turns: 1,
			usage: noTokens,
		});
		expect(rowsOf(plan, state, {width: 80, now})[2]).toMatch(/ {2}paused by you · alice +05:20$/);
	});

	test.each<[Partial<SubtaskState>, string]>([
		[{status: 'ready'}, 'ready'],
		[{status: 'ready', attempt: 1, failure: {kind: 'stalled', message: ''}}, 'retrying · stalled'],
		[{status: 'running', agent: 'bob', attempt: 1}, 'bob'],
		[{status: 'failed', attempt: 2, failure: {kind: 'auth', message: ''}}, 'auth · 2 attempts'],
		[{status: 'skipped', reason: '"a" failed'}, 'skipped: "a" failed'],
		[{status: 'cancelled', reason: 'by you'}, 'cancelled: by you'],
		[{status: 'pending', startedActiveMs: 0}, ''],
	])('end with what a subtask is at: %o', (fields, words) => {
		const single = planOf({subtasks: [subtask('a', {title: 'Title'})]});
		const [row] = rowsOf(single, stateOf(single, {a: fields}), {width: 80, now});
		expect(row?.slice(50).trim()).toBe(words);
	});

	test.each<[SubtaskStatus, string]>([
		['completed', 'good'],
		['failed', 'bad'],
		['running', 'accent'],
		['verifying', 'accent'],
		['merging', 'accent'],
		['awaiting-approval', 'warning'],
		['ready', 'plain'],
		['skipped', 'quiet'],
		['cancelled', 'quiet'],
		['pending', 'quiet'],
	])('of what is %s are %s', (status, tone) => {
		const single = planOf({subtasks: [subtask('only', {title: 'Title'})]});
		const row = planRow(layoutRails(single), 0, stateOf(single, {only: {status}}), {width: 80});
		expect(toneOf(row, '◆')).toBe(tone);
		expect(toneOf(row, 'only')).toBe(tone);
	});

	test('have lines in the tone of what is at work or failed, but dashed ones stay quiet', () => {
		const layout = layoutRails(plan);
		const rows = layout.rows.map((_, index) => planRow(layout, index, late, {width: 80}));
		const rowOf = (id: string) => rows.find(row => rowText(row).includes(` ${id} `)) ?? [];
		expect(toneOf(rowOf('release'), '◂')).toBe('quiet');
		expect(toneOf(rowOf('release'), '╯')).toBe('accent');
		expect(toneOf(rowOf('fix'), '▹')).toBe('quiet');
		expect(toneOf(rowOf('fix'), '├')).toBe('bad');
	});

	test('print nothing that a terminal would act on', () => {
		const hostile = planOf({subtasks: [subtask('a', {title: `title${poison}`})]});
		for (const status of ['running', 'skipped', 'cancelled'] as const) {
			const state = stateOf(hostile, {
				a: {status, reason: `why${poison}`, agent: `agent${poison}`, attempt: 1},
			});
			const [row] = rowsOf(hostile, state, {width: 100, now});
			expect(row).toContain('title');
			expect(row).not.toMatch(unprintable);
		}
	});

	test('are as wide as they have to be, whatever the plan', () => {
		fc.assert(
			fc.property(
				randomPlan(),
				fc.integer({min: 1, max: 140}),
				fc.boolean(),
				(anyPlan, width, ascii) => {
					const layout = layoutRails(anyPlan);
					for (const index of layout.rows.keys()) {
						const row = planRow(layout, index, emptyRunState(), {width, ascii, now});
						expect(rowWidth(row)).toBe(width);
					}
				},
			),
		);
	});

	test('are empty behind the last one', () => {
		expect(rowText(planRow(layoutRails(plan), 99, early, {width: 5}))).toBe('     ');
	});
});

describe('the heading of a plan', () => {
	test('counts what is done, at work, failed', () => {
		expect(planHeading(early)).toBe('Plan · revision 2 · 8 subtasks · 2 done · 2 in progress');
		expect(planHeading(late)).toBe(
			'Plan · revision 2 · 8 subtasks · 4 done · 1 in progress · 1 failed · 1 waiting for you',
		);
	});

	test('says what has stopped where nobody works any more', () => {
		const stopped = {...late, status: 'stopped'} as const;
		expect(planHeading(stopped)).toBe(
			'Plan · revision 2 · 8 subtasks · 4 done · 2 stopped · 1 failed',
		);
	});

	test('tells what is not approved', () => {
		const state = stateOf(plan, {});
		state.plan = state.plan && {...state.plan, revision: 1, approved: false};
		expect(planHeading(state)).toBe('Plan · 8 subtasks · not approved');
	});

	test('is short before there is a plan', () => {
		expect(planHeading(emptyRunState())).toBe('Plan');
	});
});

function rowsOf(shown: Plan, state: RunState, options: PlanRowOptions): readonly string[] {
	const layout = layoutRails(shown);
	return layout.rows.map((_, index) => rowText(planRow(layout, index, state, options)));
}

function toneOf(row: Row, text: string): string | undefined {
	return row.find(piece => piece.text.includes(text))?.tone;
}

function stateOf(shown: Plan, fields: Readonly<Record<string, Partial<SubtaskState>>>): RunState {
	const state = approvedState(shown, fields);
	state.plan = state.plan && {...state.plan, revision: 2};
	state.status = 'running';
	state.changedAt = new Date(start + 300_000).toISOString();
	state.activeMs = 300_000;
	return state;
}

function done(agent: string, from: number, to: number): Partial<SubtaskState> {
	return {
		status: 'completed',
		agent,
		attempt: 1,
		startedActiveMs: from * 1_000,
		endedActiveMs: to * 1_000,
	};
}

function changeOf(added: number, removed: number): SubtaskState['finished'] {
	const files = [{path: 'a', status: 'modified' as const, added, removed}];
	return {attempt: 1, change: {commit: 'c', base: 'b', files}, merged: true};
}

function checkOf(passed: boolean | undefined): SubtaskState['checks'][number] {
	return {name: 'n', command: 'c', passed, exitCode: 0, durationMs: 0, output: ''};
}
