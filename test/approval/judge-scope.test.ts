import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {judgeScope} from '../../source/approval/judge-scope.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';

const two = (a: readonly string[], b: readonly string[], fields: Record<string, unknown> = {}) =>
	judgeScope(planOf({subtasks: [subtask('a', {writes: a}), subtask('b', {writes: b, ...fields})]}));

describe('the scope of a plan', () => {
	test.each([
		[['src/a.ts'], ['src/b.ts']],
		[['src/a'], ['src/ab']],
		[['src'], ['test']],
		[[], ['src']],
		[['src/a/*.ts'], ['src/b/**']],
	])('passes for subtasks that write apart: %j and %j', (a, b) => {
		expect(two(a, b)).toEqual({
			criterion: 'scope',
			result: 'pass',
			reasons: ['no subtasks write the same path in parallel'],
		});
	});

	test.each([
		[['src/a.ts'], ['src/a.ts'], 'src/a.ts'],
		[['src'], ['src/a.ts'], 'src/a.ts'],
		[['src/deep/a.ts'], ['src/'], 'src/deep/a.ts'],
		[['./src'], ['src'], 'src'],
		[['src/./a'], ['src//a'], 'src/a'],
		[['src/**/*.ts'], ['src/x.ts'], 'src/x.ts'],
		[['*'], ['package.json'], 'package.json'],
		[['.'], ['package.json'], 'package.json'],
		[['**'], ['./'], 'everything'],
	])('warns when two can write the same at the same time: %j and %j', (a, b, path) => {
		expect(two(a, b)).toMatchObject({
			result: 'warn',
			reasons: [
				expect.stringMatching(
					`^(a and b|b and a) can run .* both intend to write ${path.replace('*', '.')}$`,
				),
			],
		});
	});

	test('does not mind when one comes after the other, directly or not', () => {
		expect(two(['src'], ['src'], {dependsOn: ['a']}).result).toBe('pass');
		const chain = planOf({
			subtasks: [
				subtask('c', {writes: ['x'], dependsOn: ['b']}),
				subtask('b', {dependsOn: [{subtask: 'a', when: 'failure'}]}),
				subtask('a', {writes: ['x']}),
			],
		});
		expect(judgeScope(chain).result).toBe('pass');
	});

	test('tells each pair once, however many paths it shares', () => {
		expect(two(['a', 'b', 'a/b'], ['b', 'a']).reasons).toHaveLength(1);
	});

	test('tells the first ten pairs and how many more there are', () => {
		const plan = planOf({subtasks: many(6, () => ({writes: ['x']}))});
		const {reasons} = judgeScope(plan);
		expect(reasons).toHaveLength(11);
		expect(reasons.at(-1)).toBe('and 5 more');
	});

	test('finds exactly the pairs that share a path and are not ordered', () => {
		const place = fc.constantFrom('a', 'a/b', 'a/b/c', 'd', 'd/e', '**');
		const nodes = fc.array(
			fc.record({
				writes: fc.array(place, {maxLength: 3}),
				after: fc.array(fc.nat(10), {maxLength: 2}),
			}),
			{minLength: 1, maxLength: 5},
		);
		fc.assert(
			fc.property(nodes, entries => {
				const plan = planOf({
					subtasks: entries.map(({writes, after}, index) =>
						subtask(`s${index}`, {
							writes,
							dependsOn: [...new Set(after)].filter(other => other < index).map(n => `s${n}`),
						}),
					),
				});
				const before = (a: number, b: number): boolean =>
					(entries[b]?.after ?? []).some(n => n < b && (n === a || before(a, n)));
				const within = (a: string, b: string) => a === '**' || b === a || b.startsWith(`${a}/`);
				let pairs = 0;
				for (const [b, {writes}] of entries.entries()) {
					for (const [a, other] of entries.slice(0, b).entries()) {
						const share = writes.some(x => other.writes.some(y => within(x, y) || within(y, x)));
						if (share && !before(a, b)) {
							pairs += 1;
						}
					}
				}

				const {result, reasons} = judgeScope(plan);
				expect(result).toBe(pairs === 0 ? 'pass' : 'warn');
				if (pairs > 0) {
					expect(reasons).toHaveLength(pairs);
				}
			}),
		);
	});

	test.each([
		['apart', 'pass', many(1_000, index => ({writes: [`src/${index}.ts`]}))],
		['all on the same path', 'warn', many(1_000, () => ({writes: ['src']}))],
		[
			'one after the other on the same path',
			'pass',
			many(1_000, index => ({writes: ['src'], dependsOn: index === 0 ? [] : [`s${index - 1}`]})),
		],
		[
			'in two long rows on the same path',
			'warn',
			many(1_000, index => ({writes: ['src'], dependsOn: index < 2 ? [] : [`s${index - 2}`]})),
		],
	])('is judged for 1,000 subtasks: %s, %s', (_, result, subtasks) => {
		const plan = planOf({subtasks});
		expect(judgeScope(plan)).toMatchObject({result});
	});
});

function many(
	count: number,
	fields: (index: number) => Record<string, unknown>,
): readonly Record<string, unknown>[] {
	return Array.from({length: count}, (_, index) => subtask(`s${index}`, fields(index)));
}
