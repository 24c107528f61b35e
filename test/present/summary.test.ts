import {describe, expect, test} from 'vitest';
import type {EventOf, RunEventBody} from '../../source/core/run-event.ts';
import {runReportSchema, type RunReport} from '../../source/core/run-report.ts';
import {emptyRunState, noTokens, pendingSubtask} from '../../source/core/run-state.ts';
import {lastLine, summaryLines} from '../../source/present/summary.ts';
import {placed, poisoned, sampleReport} from '../core/every-event.ts';
import {fold} from '../core/folded-state.ts';
import {poison, unprintable} from '../core/hostile.ts';

const lines = (report: RunReport) => summaryLines(report, emptyRunState());

describe('the end of a run', () => {
	test('says what was done, by whom, what was checked, refused, delivered and spent', () => {
		expect(lines(sampleReport)).toEqual([
			'  ✗ parse   teammate-1, 2 attempts  checks are red',
			'                                    failed: npm test',
			'  – report                          "parse" failed',
			'  ✓ npm run lint (final)',
			'  denied (no one could be asked): curl example.org',
			'  changed  branch llm-orchestrator/r1; to merge it: git merge llm-orchestrator/r1',
			'  spent    1 min 05 s, 2 model calls, 34 tokens, at least $0.50 (1 call unpriced)',
		]);
	});

	test('tells the summary of what was completed in at most two rows, without halving a character', () => {
		const [first] = sampleReport.subtasks;
		const summary = `${'x'.repeat(198)}😀😀`;
		const [line = '', second = ''] = lines({
			...sampleReport,
			subtasks: first ? [{...first, status: 'completed', summary}] : [],
		});
		expect(line).toMatch(/^ {2}✓ parse {2}teammate-1, 2 attempts {2}x+$/);
		expect(second).toMatch(/^ +x+…$/);
		expect(second.isWellFormed()).toBe(true);
	});

	test.each([
		[{mode: 'apply', files: []}, '  changed  no files'],
		[{mode: 'apply', files: ['a', 'b']}, '  changed  a, b'],
		[
			{mode: 'apply', files: 'abcdefghij'.split('')},
			'  changed  a, b, c, d, e, f, g, h and 2 more',
		],
		[
			{mode: 'patch', files: ['a'], target: '/x.patch'},
			'  changed  patch /x.patch; to apply it: git apply /x.patch',
		],
	])('says where the change is: %j', (delivered, line) => {
		expect(lines({...sampleReport, delivered})).toContain(line);
	});

	test('says why the directory was left alone', () => {
		const state = emptyRunState();
		state.delivery = {
			mode: 'branch',
			head: 'm1',
			paths: [],
			reason: 'src/a.ts changed since',
			done: true,
			files: ['src/a.ts'],
			target: 'b',
			undone: false,
			kept: [],
		};
		expect(summaryLines(sampleReport, state).slice(-3, -1)).toEqual([
			'  changed  branch llm-orchestrator/r1 (src/a.ts changed since); to merge it: git merge',
			'           llm-orchestrator/r1',
		]);
	});

	test('tells the lines of each file, who used how much, and how to take it back', () => {
		const state = emptyRunState();
		state.run = 'r1';
		const files = ['src/a.ts'];
		state.delivery = {
			mode: 'apply',
			head: 'm1',
			paths: [],
			reason: undefined,
			done: true,
			files,
			target: undefined,
			undone: false,
			kept: [],
		};
		const change = {path: 'src/a.ts', status: 'modified', added: 3, removed: 1} as const;
		for (const [id, merged] of [
			['a', true],
			['b', true],
			['c', false],
		] as const) {
			const finished = {attempt: 1, merged, change: {commit: 'c', base: 'b', files: [change]}};
			state.subtasks.set(id, {...pendingSubtask(id), finished});
		}

		const used = (total: number) => ({
			calls: 1,
			input: total,
			output: 0,
			total,
			usd: total / 100,
			unpriced: 0,
		});
		const usage = {total: used(30), models: {}, agents: {lead: used(10), alice: used(20)}};
		expect(
			summaryLines({...sampleReport, usage, delivered: {mode: 'apply', files}}, state).slice(-4),
		).toEqual([
			'  changed  src/a.ts +6 −2',
			'  agents   alice 20 $0.20 · lead 10 $0.10',
			'  spent    1 min 05 s, 1 model call, 30 tokens, no cost (scripted model)',
			'  undo     llm-orchestrator undo r1',
		]);
	});

	test('says what was undone, and what was kept', () => {
		const state = emptyRunState();
		const of = (kept: readonly string[]) => {
			state.delivery = {
				mode: 'apply',
				head: 'm1',
				paths: [],
				reason: undefined,
				done: true,
				files: ['a', 'b'],
				target: undefined,
				undone: kept.length === 0,
				kept,
			};
			const delivered = {mode: 'apply', files: ['a', 'b']};
			return summaryLines({...sampleReport, delivered}, state);
		};
		expect(of([])).toContain('  changed  undone: a, b');
		expect(of([]).join('\n')).not.toMatch(/\bundo\b/);
		expect(of(['b'])).toContain('  changed  b (kept: changed since); undone: a');
		expect(of(['a', 'b'])).toContain('  changed  a, b (kept: changed since)');
	});

	test.each([
		['interrupted', 'nothing yet: finished work is kept and delivered when the run completes'],
		['cancelled', 'nothing: only a completed run is delivered'],
	] as const)(
		'says why the directory is as it was though something is done: %s',
		(outcome, words) => {
			const [parse] = sampleReport.subtasks;
			const subtasks = parse ? [{...parse, status: 'completed'}] : [];
			const report = {...sampleReport, outcome, delivered: null};
			expect(lines({...report, subtasks})).toContain(`  changed  ${words}`);
			expect(lines(report)).toContain('  changed  nothing written to the directory');
		},
	);

	test('names the red checks, with the last thing that they printed', () => {
		const state = emptyRunState();
		const check = {
			name: 'npm test',
			command: 'npm test',
			passed: false,
			exitCode: 1,
			durationMs: 1,
			output: 'not ok\nAssertionError: 1 !== 2\n# fail 1\n',
		};
		state.subtasks.set('parse', {...pendingSubtask('parse'), status: 'failed', checks: [check]});
		state.finalChecks.set('npm run lint', {...check, name: 'npm run lint'});
		const checks = [{name: 'npm run lint', passed: false}];
		expect(summaryLines({...sampleReport, checks}, state).slice(0, 4)).toEqual([
			'  ✗ parse   teammate-1, 2 attempts  checks are red',
			'                                    failed: npm test: AssertionError: 1 !== 2',
			'  – report                          "parse" failed',
			'  ✗ npm run lint (final): AssertionError: 1 !== 2',
		]);
		const [parse] = sampleReport.subtasks;
		const subtasks = parse ? [{...parse, status: 'completed'}] : [];
		expect(summaryLines({...sampleReport, subtasks}, state).join('\n')).not.toContain('red: ');
	});

	test('says what was under way when the run stopped', () => {
		const [parse] = sampleReport.subtasks;
		const {reason: _, ...cut} = {...parse, id: 'parse', attempts: 1, checks: []};
		const [line] = lines({...sampleReport, subtasks: [{...cut, status: 'awaiting-approval'}]});
		expect(line).toBe('  ■ parse  teammate-1  stopped before it finished');
	});

	test('tells which model used how much, and who went on with another one', () => {
		const used = (total: number) => ({...noTokens, calls: 1, total});
		const models = {'qwen3:8b': used(27_600), small: used(13_800)};
		const usage = {total: used(41_400), models, agents: {}};
		const switched = (body: Partial<EventOf<'model-switched'>>): RunEventBody => ({
			type: 'model-switched',
			agent: 'alice',
			turn: 1,
			from: {provider: 'ollama', model: 'qwen3:8b'},
			to: {provider: 'openai', model: 'small'},
			failure: {kind: 'server-down', message: 'gone'},
			...body,
		});
		const state = fold([switched({}), switched({}), switched({agent: 'bob'})]);
		expect(summaryLines({...sampleReport, usage}, state, 160).slice(-3, -1)).toEqual([
			'  models   qwen3:8b 27.6k · small 13.8k',
			'  switched alice switched from ollama qwen3:8b to openai small (server-down, 2 times) · bob switched from ollama qwen3:8b to openai small (server-down)',
		]);
	});

	test.each([
		['a price', {usd: 1.239, unpricedCalls: 0}, sampleReport.usage, '$1.24'],
		[
			'some prices',
			{usd: 1.5, unpricedCalls: 1},
			sampleReport.usage,
			'at least $1.50 (1 call unpriced)',
		],
		['no known price', {usd: null, unpricedCalls: 2}, sampleReport.usage, 'cost unpriced'],
		[
			'a scripted model',
			{usd: null, unpricedCalls: 2},
			{...sampleReport.usage, models: {scripted: sampleReport.usage.total}},
			'no cost (scripted model)',
		],
		[
			'no call at all',
			{usd: null, unpricedCalls: 0},
			{total: noTokens, models: {}, agents: {}},
			'0 tokens, no cost',
		],
	])('tells the cost with %s', (_, cost, usage, words) => {
		expect(
			lines({...sampleReport, cost, usage})
				.at(-1)
				?.endsWith(words),
		).toBe(true);
	});

	test('never prints what a terminal would act on', () => {
		const event = placed({type: 'run-finished', report: sampleReport});
		for (const mode of ['apply', 'branch', 'patch']) {
			const {report} = poisoned(event, `${poison}\n`) as {report: unknown};
			const hostile = runReportSchema.parse(report);
			const delivered = hostile.delivered && {...hostile.delivered, mode};
			for (const line of [...lines({...hostile, delivered}), lastLine(hostile)]) {
				expect(line).not.toMatch(unprintable);
				expect(line).not.toContain('\n');
			}
		}
	});

	test('has a last line with outcome, reason and the next command', () => {
		expect(lastLine(sampleReport)).toBe(
			'failed: not done: parse (checks are red) → llm-orchestrator resume r1',
		);
		const {next: _, ...rest} = sampleReport;
		expect(lastLine({...rest, outcome: 'completed', reason: 'all is done'})).toBe(
			'completed: all is done',
		);
	});
});
