import {describe, expect, test} from 'vitest';
import {emptyRunState} from '../../source/core/run-state.ts';
import {diff, linesOf, plan, stateOf} from './detail-lines.ts';

describe('the details of a subtask', () => {
	test('tell what it is for and what it waits for before it begins', () => {
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
			'  schema must succeed: met',
			'  deps must succeed: not yet (running)',
			'',
			'Needed by',
			'  fix (needs this one to fail)',
			'  ship',
			'',
			'Will write',
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

	test('tell why it failed, what it did and what it cost', () => {
		const state = stateOf(plan, {
			ship: {
				status: 'failed',
				agent: 'alice',
				attempt: 2,
				failedAttempts: 2,
				startedAt: '2026-01-02T10:00:00.000Z',
				endedAt: '2026-01-02T10:04:05.000Z',
				startedActiveMs: 60_000,
				endedActiveMs: 245_000,
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
			'  api must succeed: not yet (pending)',
			'',
			'Summary',
			'  One test still fails.',
			'',
			'Outputs',
			'  port = 8080',
			'',
			'Changes (not merged)',
			'   +12 −3  src/routes.ts',
			'  +140 −0  src/sessions.ts (added)',
			'',
			'Last failed attempt',
			'  I gave up.',
			'  diff --git a/a.ts b/a.ts',
			'  @@ -1 +1 @@',
			'  -old',
			'  +new',
			'',
			'Tokens',
			'  12.3k in 5 calls: 10.2k input, 2.1k output, $0.25',
		]);
	});

	test('show no evidence against what was completed after all', () => {
		const state = stateOf(plan, {deps: {status: 'completed', evidence: 'it failed'}});
		expect(linesOf(state, 'deps').join('\n')).not.toContain('it failed');
	});

	test('list the beginning of a huge change', () => {
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
		expect(lines).toContain('Changes (merged)');
		expect(lines.at(-1)).toBe('  and 4800 more files');
	});

	test('tell that a subtask is not there any more', () => {
		expect(linesOf(stateOf(plan, {}), 'gone')).toEqual(['This subtask is not in the plan.']);
		expect(linesOf(emptyRunState(), 'api')).toEqual(['This subtask is not in the plan.']);
	});
});
