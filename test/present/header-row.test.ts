import {describe, expect, test} from 'vitest';
import type {RunEventBody} from '../../source/core/run-event.ts';
import type {RunStatus} from '../../source/core/run-state-entries.ts';
import {defaultRunSettings} from '../../source/core/settings.ts';
import {headerRow, type HeaderOptions} from '../../source/present/header-row.ts';
import {rowText, rowWidth} from '../../source/present/text/row.ts';
import {sampleReport} from '../core/every-event.ts';
import {poison, unprintable} from '../core/hostile.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';
import {begun, decided, literalRun, planning, proposed} from '../helpers/ui-run.ts';

const plan = planOf({subtasks: ['a', 'b', 'c', 'd'].map(id => subtask(id))});
const done = (id: string): RunEventBody => ({
	type: 'subtask-completed',
	subtask: id,
	attempt: 1,
	summary: '',
	outputs: {},
});
const running: readonly RunEventBody[] = [
	...planning({settings: {maxTokens: 500_000}}),
	...proposed(plan),
	decided('p1'),
	...begun('a', 'alice'),
	done('a'),
	...begun('b', 'bob'),
];

const delivered: readonly RunEventBody[] = [
	{type: 'delivery-started', mode: 'apply', head: 'm1', paths: []},
	{type: 'delivery-finished', mode: 'apply', files: ['a', 'b']},
	{type: 'run-finished', report: {...sampleReport, outcome: 'completed'}},
];

function header(past: readonly RunEventBody[], options: Partial<HeaderOptions> = {}): string {
	const state = literalRun({past, id: '7f3a'}).state();
	const row = headerRow(state, {
		width: 100,
		task: 'add a health endpoint',
		activeMs: 161_000,
		...options,
	});
	expect(rowWidth(row)).toBe(options.width ?? 100);
	return rowText(row);
}

describe('the top line of a run', () => {
	test('says what it is about, how far it is, and what it took', () => {
		expect(header(running)).toMatch(
			/^ llm-orchestrator “add a health endpoint” +▰▰▰▱▱▱▱▱▱▱ 1\/4 {2}◐ running {2}02:41 {2}0\/500k tok $/,
		);
		expect(header(running, {ascii: true})).toContain('###....... 1/4  > running  02:41');
	});

	test('names the run where there is room for it', () => {
		expect(header(running, {width: 160})).toMatch(/^ llm-orchestrator 7f3a “add/);
	});

	test('counts what a crash cut off against a limit only', () => {
		const cut = [
			...planning(),
			{
				type: 'model-call-started',
				agent: 'lead',
				call: 'c',
				turn: 1,
				request: 'r',
				reserved: 9_000,
			},
			{type: 'run-resumed', settings: defaultRunSettings, program: 'x'},
		] as const;
		expect(header(cut)).toMatch(/ 0 tok $/);
		const settings = {...defaultRunSettings, maxTokens: 50_000};
		const limited = [...cut.slice(0, -1), {type: 'run-resumed', settings, program: 'x'} as const];
		expect(header(limited)).toMatch(/ 9\.0k\/50\.0k tok $/);
	});

	test('shows no bar before there is a plan', () => {
		expect(header(planning())).toMatch(/”\s+… planning {2}02:41 {2}0 tok $/);
	});

	test('says what kind of view it is where the run is not of this process', () => {
		expect(header(running, {badge: 'replay ×8'})).toContain(' [replay ×8] “add');
	});

	test('fills the bar by what is done: not by what failed, was skipped or cancelled', () => {
		const lost: readonly RunEventBody[] = [
			{type: 'subtask-failed', subtask: 'b', failure: {kind: 'check-failed', message: 'red'}},
			{type: 'subtask-skipped', subtask: 'c', reason: 'x'},
			{type: 'subtask-cancelled', subtask: 'd', reason: 'x'},
		];
		const failed: RunEventBody = {type: 'run-finished', report: sampleReport};
		expect(header([...running, ...lost, failed])).toContain('▰▰▰▱▱▱▱▱▱▱ 1/4  ✗ failed');
		expect(header([...running, ...lost, failed], {ascii: true})).toContain('###....... 1/4  x');
	});

	test('has a full bar where no more is needed', () => {
		const skipped = {type: 'subtask-skipped', subtask: 'c', reason: 'x'} as const;
		expect(header([...running, skipped, ...delivered])).toContain('▰▰▰▰▰▰▰▰▰▰ 1/4  ✓ completed');
	});

	test('says that the change was undone, but not where some of it was kept', () => {
		const undone = (kept: string[]): RunEventBody => ({type: 'undo-finished', files: ['a'], kept});
		expect(header([...running, ...delivered, undone([])])).toContain(' ✓ undone  ');
		expect(header([...running, ...delivered, undone(['b'])])).toContain(
			' ✓ completed, unverified  ',
		);
	});

	test('tells what is known of the money, against its limit where there is one', () => {
		const paid = (usd: number | undefined, call = 'c1'): RunEventBody => ({
			type: 'model-call-finished',
			agent: 'lead',
			call,
			request: 'r',
			model: 'm',
			answer: '',
			stopReason: 'end',
			usage: {input: 1, cacheRead: 0, cacheWrite: 0, output: 1, reasoning: 0, estimated: false},
			durationMs: 1,
			...(usd === undefined ? {} : {usd}),
		});
		expect(header([...running, paid(0.314)])).toMatch(/tok \$0\.31 $/);
		expect(header([...running, paid(0.314), paid(undefined, 'c2')])).toMatch(/tok \$0\.31\+ $/);
		expect(header([...running, paid(undefined)])).toMatch(/tok $/);
		const limited: RunEventBody = {type: 'budget-changed', maxTokens: null, maxUsd: 5};
		expect(header([...running, limited, paid(0.314)])).toMatch(/tok \$0\.31\/\$5\.00 $/);
	});

	test('shows the first line of the task, cut where it is long', () => {
		expect(header(running, {task: 'one\ntwo'})).toContain('“one”');
		expect(header(running, {task: 'x'.repeat(300)})).toMatch(/“x+… ▰.* 1\/4 .* running .*tok $/);
	});

	const statuses: Readonly<Record<RunStatus, true>> = {
		planning: true,
		'awaiting-approval': true,
		running: true,
		paused: true,
		stopped: true,
		completed: true,
		failed: true,
		rejected: true,
		cancelled: true,
	};

	test.each(Object.keys(statuses))(
		'has time, tokens and progress in 60 columns as well: %s',
		status => {
			const usage = {
				input: 412_000,
				output: 300,
				cacheRead: null,
				cacheWrite: null,
				reasoning: null,
				estimated: false,
			};
			const state = literalRun({
				past: [
					...running,
					{
						type: 'model-call-finished',
						agent: 'bob',
						call: 'c1',
						request: 'r',
						model: 'm',
						answer: '',
						stopReason: 'end',
						usage,
						durationMs: 1,
					},
				],
			}).state();
			state.status = status as RunStatus;
			const row = headerRow(state, {width: 60, task: 'add a health endpoint', activeMs: 9_761_000});
			expect(rowWidth(row)).toBe(60);
			expect(rowText(row)).toMatch(/“add.*1\/4.*2:42:41.*412k\/500k tok/);
		},
	);
});

test('a task that would write to the terminal does not', () => {
	for (const width of [60, 100, 200]) {
		const shown = header(running, {task: `do${poison}\rit`, width});
		expect(shown).not.toMatch(unprintable);
	}
});
