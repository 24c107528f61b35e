import {describe, expect, test} from 'vitest';
import type {RunEvent} from '../../source/core/run-event.ts';
import {failureRows} from '../../source/present/failure-rows.ts';
import {rowText, rowWidth} from '../../source/present/text/row.ts';
import {everyEvent, placed, poisoned} from '../core/every-event.ts';
import {poison, unprintable} from '../core/hostile.ts';

function textOf(event: RunEvent, width = 60): readonly string[] {
	return event.type === 'model-call-failed' || event.type === 'check-finished'
		? failureRows(event, width, payload => (typeof payload === 'string' ? payload : undefined)).map(
				row => {
					expect(rowWidth(row)).toBeLessThanOrEqual(width);
					return rowText(row);
				},
			)
		: [];
}

const call = {
	type: 'model-call-failed',
	agent: 'alice',
	call: 'c',
	try: 3,
	failure: {kind: 'rate-limit', message: 'too many', hint: 'wait', status: 429},
} as const;

describe('a failure that is looked at', () => {
	test('says who, what, when, and what to do', () => {
		const [heading, about, ...rest] = textOf(placed({...call, subtask: 'api', model: 'm'}));
		expect(heading).toBe('A model call by alice failed: rate-limit');
		expect(about).toMatch(/^\d\d:\d\d:\d\d · subtask api · m · try 3 · HTTP status 429$/);
		expect(rest).toEqual(['', 'too many', '', '→ wait']);
	});

	test('says what it used', () => {
		const unknown = {cacheRead: null, cacheWrite: null, reasoning: null, estimated: true};
		const usage = {...unknown, input: 4_000, output: 600};
		expect(textOf(placed({...call, usage})).at(-1)).toBe('Used 4.6k tokens, unpriced.');
		expect(textOf(placed({...call, usage, usd: 0.5})).at(-1)).toBe('Used 4.6k tokens, $0.50.');
	});

	test('is whole, however narrow the screen', () => {
		const message = Array.from({length: 300}, (_, index) => `word${index}`).join(' ');
		const failure = {...call.failure, message};
		expect(textOf(placed({...call, failure}), 20).join(' ')).toContain('word299');
	});

	test('writes nothing to the terminal that others made up', () => {
		const rows = everyEvent.flatMap(event => textOf(poisoned(event, `${poison}\n`) as RunEvent));
		expect(rows.length).toBeGreaterThan(5);
		for (const row of rows) {
			expect(row).not.toMatch(unprintable);
		}
	});
});
