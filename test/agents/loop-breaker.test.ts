import {describe, expect, test} from 'vitest';
import {createLoopBreaker} from '../../source/agents/loop-breaker.ts';

type Call = Parameters<ReturnType<typeof createLoopBreaker>['record']>[0];

const call = (fields: Partial<Call> = {}): Call => ({
	name: 'read',
	argumentsText: '{"path":"a"}',
	result: 'x',
	changed: false,
	...fields,
});

describe('a loop breaker', () => {
	test('withholds tools at the third equal call and ends at the fifth', () => {
		expect(verdicts(Array.from({length: 5}, () => call()))).toEqual([
			'continue',
			'continue',
			'withhold-tools',
			'withhold-tools',
			'end',
		]);
	});

	test('finds a loop of several calls', () => {
		const loop = [call(), call({name: 'list'}), call({argumentsText: '{"path":"b"}'})];
		expect(verdicts([...loop, ...loop, ...loop]).indexOf('withhold-tools')).toBe(6);
	});

	test('does not mind the same call with another result, or other arguments', () => {
		expect(new Set(verdicts(many(7, n => call({result: String(n)}))))).toEqual(
			new Set(['continue']),
		);
		expect(new Set(verdicts(many(20, n => call({argumentsText: `{"path":"${n}"}`}))))).toEqual(
			new Set(['continue']),
		);
	});

	test('starts to count anew after a change', () => {
		const edit = call({name: 'edit', changed: true});
		expect(new Set(verdicts([call(), call(), edit, call(), call(), edit, call(), call()]))).toEqual(
			new Set(['continue']),
		);
	});

	test('withholds tools when one tool is used eight times and says what it said before', () => {
		const calls = [...many(7, n => call({name: 'bash', argumentsText: String(n)}))];
		expect(verdicts([...calls, call({name: 'bash', argumentsText: '3'})]).at(-1)).toBe(
			'withhold-tools',
		);
	});

	test('forgets what is more than twenty calls ago', () => {
		const others = many(19, n => call({name: `t${n}`}));
		expect(verdicts([call(), call(), ...others, call()]).at(-1)).toBe('continue');
		expect(verdicts([call(), call(), ...others.slice(2), call()]).at(-1)).toBe('withhold-tools');
	});

	test('tells calls apart whose texts together are the same', () => {
		const calls = [
			call({name: 'a', argumentsText: 'bc'}),
			call({name: 'ab', argumentsText: 'c'}),
			call({name: 'a', argumentsText: 'b', result: 'cx'}),
		];
		expect(verdicts(calls)).toEqual(['continue', 'continue', 'continue']);
	});
});

function verdicts(calls: readonly Call[]): readonly string[] {
	const breaker = createLoopBreaker();
	return calls.map(entry => breaker.record(entry));
}

function many(count: number, make: (index: number) => Call): readonly Call[] {
	return Array.from({length: count}, (_, index) => make(index));
}
