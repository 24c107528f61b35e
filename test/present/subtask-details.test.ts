import {describe, expect, it} from 'vitest';
import type {Condition, Plan} from '../../source/core/plan.ts';
import type {Payload} from '../../source/core/run-event.ts';
import {
	emptyRunState,
	pendingSubtask,
	type CheckState,
	type RunState,
	type SubtaskState,
} from '../../source/core/run-state.ts';
import {rowText, rowWidth, type Row} from '../../source/present/row.ts';
import {detailRows} from '../../source/present/subtask-details.ts';
import {poison, unprintable} from '../core/hostile.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';

const blob = {blob: 'a'.repeat(64), bytes: 10_000};

const plan = planOf({
	subtasks: [
		subtask('schema', {outputs: ['count']}),
		subtask('deps'),
		subtask('api', {
			title: 'Write the endpoints',
			instructions: 'Add them to src/api.ts:\n\n  - GET /users\n  - POST /sessions',
			dependsOn: ['schema', 'deps'],
			writes: ['src/api/**', 'test/api'],
			checks: ['npm test -- api', {name: 'types', command: 'npx tsc --noEmit'}],
			outputs: ['port', 'url'],
		}),
		subtask('fix', {dependsOn: [{subtask: 'api', when: 'failure'}]}),
		subtask('ship', {dependsOn: ['api']}),
	],
});

describe('the details of a subtask', () => {
	it('tell what it is for and what it waits for before it begins', () => {
		const state = stateOf(plan, {
			schema: {status: 'completed'},
			deps: {status: 'running'},
		});
		expect(linesOf(state, 'api')).toEqual([
			'api · Write the endpoints',
			'pending',
			'',
			'Instructions',
			'  Add them to src/api.ts:',
			'',
			'    - GET /users',
			'    - POST /sessions',
			'',
			'Depends on',
			'  schema must succeed: holds',
			'  deps must succeed: open, running',
			'',
			'Needed by',
			'  fix if this one should fail',
			'  ship',
			'',
			'Means to write',
			'  src/api/**',
			'  test/api',
			'',
			'Checks',
			'  $ npm test -- api',
			'    not run yet',
			'  $ npx tsc --noEmit',
			'    types: not run yet',
			'',
			'Outputs',
			'  port: not reported',
			'  url: not reported',
		]);
	});

	it('tell why it failed, what it did and what it cost', () => {
		const state = stateOf(plan, {
			ship: {
				status: 'failed',
				agent: 'alice',
				attempt: 2,
				failedAttempts: 2,
				startedAt: '2026-01-02T10:00:00.000Z',
				endedAt: '2026-01-02T10:03:05.000Z',
				summary: 'One test still fails.',
				failure: {kind: 'check-failed', message: 'npm test is red', hint: 'see its output'},
				outputs: {port: 8080, 'checks.npm test': false},
				finished: {
					attempt: 2,
					merged: false,
					change: {
						commit: 'c',
						base: 'b',
						files: [
							{path: 'src/routes.ts', status: 'modified', added: 12, removed: 3},
							{path: 'src/sessions.ts', status: 'added', added: 140, removed: 0},
						],
					},
				},
				evidence: `I gave up.\n\n${diff}`,
				usage: {calls: 5, input: 10_234, output: 2_100, total: 12_334, usd: 0.25, unpriced: 0},
			},
		});
		expect(linesOf(state, 'ship')).toEqual([
			'ship · ship',
			'failed · alice · attempt 2 · 2 attempts failed · took 3 min 05 s',
			'npm test is red [check-failed] → see its output',
			'',
			'Instructions',
			'  do ship',
			'',
			'Depends on',
			'  api must succeed: open, pending',
			'',
			'Summary',
			'  One test still fails.',
			'',
			'Outputs',
			'  port = 8080',
			'',
			'Changes, not merged',
			'   +12 −3  src/routes.ts',
			'  +140 −0  src/sessions.ts (added)',
			'',
			'What it left behind',
			'  I gave up.',
			'  diff --git a/a.ts b/a.ts',
			'  @@ -1 +1 @@',
			'  -old',
			'  +new',
			'',
			'Tokens',
			'  12.3k in 5 calls: 10.2k read, 2.1k written, $0.25',
		]);
	});

	it.each<[Condition, Partial<SubtaskState>, string]>([
		['success', {status: 'failed'}, 'first must succeed: does not hold: "first" failed'],
		['failure', {status: 'failed'}, 'first must fail: holds'],
		['failure', {status: 'completed'}, 'first must fail: does not hold: "first" completed'],
		['completion', {status: 'failed'}, 'first must end: holds'],
		['completion', {status: 'ready'}, 'first must end: open, ready'],
		[
			{output: 'count', equals: 3},
			{status: 'completed', outputs: {count: 3}},
			'first must succeed with count = 3: holds',
		],
		[
			{output: 'count', exists: true},
			{status: 'completed'},
			'first must succeed with count: does not hold: output "count" of "first" is missing',
		],
	])('tell whether a dependency on %o holds', (when, first, line) => {
		const pair = planOf({
			subtasks: [
				subtask('first', {outputs: ['count']}),
				subtask('second', {dependsOn: [{subtask: 'first', when}]}),
			],
		});
		expect(linesOf(stateOf(pair, {first}), 'second', 100)).toContain(`  ${line}`);
	});

	it('tell that one dependency is enough', () => {
		const any = planOf({
			subtasks: [subtask('a'), subtask('b'), subtask('c', {join: 'any', dependsOn: ['a', 'b']})],
		});
		expect(linesOf(stateOf(any, {}), 'c')).toContain('Depends on any of');
	});

	it('tell how checks went, with the last lines of red ones', () => {
		const output = Array.from({length: 40}, (_, index) => `line ${index}`).join('\n');
		const lines = linesOf(stateWithChecks([checkOf(false, 1, `${output}\n\n`)]), 'only');
		expect(lines.slice(lines.indexOf('Checks'))).toEqual([
			'Checks',
			'  $ npm test',
			'    RED: exit code 1, 3.2 s',
			'    the last 12 lines:',
			...Array.from({length: 12}, (_, index) => `    │ line ${index + 28}`),
		]);
		expect(linesOf(stateWithChecks([checkOf(true, 0, output)]), 'only').slice(-2)).toEqual([
			'  $ npm test',
			'    passed, 3.2 s',
		]);
		expect(linesOf(stateWithChecks([checkOf(undefined, null, '')]), 'only').at(-1)).toBe(
			'    runs',
		);
		expect(linesOf(stateWithChecks([checkOf(false, null, 'x')]), 'only').slice(-2)).toEqual([
			'    RED: ended without an exit code, 3.2 s',
			'    │ x',
		]);
	});

	it('show a sign for what is not loaded yet', () => {
		const state = stateOf(plan, {
			deps: {status: 'failed', evidence: blob, checks: [checkOf(false, 1, blob)]},
		});
		const lines = linesOf(state, 'deps');
		expect(lines.slice(lines.indexOf('Checks'))).toEqual([
			'Checks',
			'  $ npm test',
			'    RED: exit code 1, 3.2 s',
			'    …',
			'',
			'What it left behind',
			'  …',
		]);
		expect(
			linesOf(state, 'deps', 80, () => 'loaded').filter(line => line.includes('loaded')),
		).toEqual(['    │ loaded', '  loaded']);
	});

	it('show no evidence against what was completed after all', () => {
		const state = stateOf(plan, {deps: {status: 'completed', evidence: 'it failed'}});
		expect(linesOf(state, 'deps').join('\n')).not.toContain('it failed');
	});

	it('list the beginning of a huge change', () => {
		const files = Array.from({length: 5_000}, (_, index) => ({
			path: `file-${index}`,
			status: 'modified' as const,
			added: 1,
			removed: 0,
		}));
		const change = {commit: 'c', base: 'b', files};
		const state = stateOf(plan, {
			deps: {status: 'completed', finished: {attempt: 1, merged: true, change}},
		});
		const lines = linesOf(state, 'deps');
		expect(lines).toContain('Changes, merged');
		expect(lines.at(-1)).toBe('  and 4800 files more');
	});

	it('hide nothing that has to be judged, and print nothing that a terminal would act on', () => {
		const hostile = planOf({
			subtasks: [
				subtask('a', {outputs: [`out${poison}`]}),
				subtask('b', {
					title: `title${poison}`,
					instructions: `instructions${poison}`,
					dependsOn: [{subtask: 'a', when: {output: `out${poison}`, equals: poison}}],
					writes: [`path${poison}\nname`],
					checks: [{name: `name${poison}`, command: `ls${poison}`}],
					outputs: [`own${poison}`],
				}),
			],
		});
		const state = stateOf(hostile, {
			a: {status: 'completed', outputs: {[`out${poison}`]: poison.repeat(2)}},
			b: {
				status: 'failed',
				agent: `agent${poison}`,
				attempt: 1,
				reason: `reason${poison}`,
				summary: `summary${poison}`,
				failure: {kind: 'auth', message: `message${poison}`, hint: `hint${poison}`},
				checks: [
					{...checkOf(false, 1, `output${poison}`), name: `name${poison}`, command: `ls${poison}`},
				],
				outputs: {[`own${poison}`]: poison},
				evidence: `evidence${poison}\n${diff}${poison}`,
				finished: {
					attempt: 1,
					merged: false,
					change: {
						commit: 'c',
						base: 'b',
						files: [{path: `file${poison}`, status: 'added', added: 1, removed: 0}],
					},
				},
			},
		});
		const lines = linesOf(state, 'b', 200);
		for (const line of lines) {
			expect(line).not.toMatch(unprintable);
		}

		for (const seen of ['ls \\x1b[2J', 'path \\x1b[2J', 'file \\x1b[2J']) {
			expect(lines.filter(line => line.includes(seen))).toHaveLength(1);
		}

		expect(lines.filter(line => line.includes(' ⏎ name'))).toHaveLength(1);
	});

	it.each([20, 33, 60, 110])('are at most %i columns wide', width => {
		const state = stateOf(plan, {
			api: {
				status: 'failed',
				agent: 'a-teammate-with-a-name',
				attempt: 1,
				failure: {kind: 'check-failed', message: '这是一个很长的消息'.repeat(9)},
				checks: [checkOf(false, 137, 'x'.repeat(500))],
				evidence: diff,
			},
		});
		for (const row of detailsOf(state, 'api', width)) {
			expect(rowWidth(row)).toBeLessThanOrEqual(width);
		}
	});

	it('tell that a subtask is not there any more', () => {
		expect(linesOf(stateOf(plan, {}), 'gone')).toEqual(['This subtask is not in the plan.']);
		expect(linesOf(emptyRunState(), 'api')).toEqual(['This subtask is not in the plan.']);
	});
});

const diff = 'diff --git a/a.ts b/a.ts\n@@ -1 +1 @@\n-old\n+new\n';

function detailsOf(
	state: RunState,
	id: string,
	width = 80,
	read = (payload: Payload) => (typeof payload === 'string' ? payload : undefined),
): readonly Row[] {
	return detailRows(state, id, width, read);
}

function linesOf(...details: Parameters<typeof detailsOf>): readonly string[] {
	return detailsOf(...details).map(rowText);
}

function checkOf(
	passed: boolean | undefined,
	exitCode: number | null,
	output: Payload,
): CheckState {
	return {name: 'npm test', command: 'npm test', passed, exitCode, durationMs: 3_210, output};
}

function stateWithChecks(checks: readonly CheckState[]): RunState {
	return stateOf(planOf({subtasks: [subtask('only', {checks: ['npm test']})]}), {
		only: {status: 'failed', checks},
	});
}

function stateOf(shown: Plan, fields: Readonly<Record<string, Partial<SubtaskState>>>): RunState {
	const state = emptyRunState();
	state.plan = {
		revision: 1,
		hash: 'hash',
		plan: shown,
		origin: 'lead',
		verdicts: [],
		approved: true,
	};
	for (const {id} of shown.subtasks) {
		state.subtasks.set(id, {...pendingSubtask(id), ...fields[id]});
	}

	return state;
}
