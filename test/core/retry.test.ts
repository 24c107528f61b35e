import * as fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {failureKinds} from '../../source/core/failure.ts';
import {defaultRetryPolicy, longestRetryAfterMs, retryDelay} from '../../source/core/retry.ts';

const policy = {attempts: 8, baseMs: 1_000, capMs: 20_000};
const fraction = fc.double({min: 0, max: 1, maxExcluded: true, noNaN: true});

describe('the wait before a call is made again', () => {
	it('is anything from nothing to the doubled wait of the call before, up to the cap', () => {
		fc.assert(
			fc.property(fc.integer({min: 1, max: 7}), fraction, (made, random) => {
				const wait = retryDelay({kind: 'overloaded'}, made, random, policy);
				const ceiling = [1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000][made - 1] ?? 0;
				expect(wait).toBeGreaterThanOrEqual(0);
				expect(wait).toBeLessThanOrEqual(ceiling);
				expect(Math.abs((wait ?? 0) - random * ceiling)).toBeLessThanOrEqual(0.5);
			}),
		);
	});

	it('is never shorter than what the other side asked for', () => {
		fc.assert(
			fc.property(
				fc.integer({min: 0, max: longestRetryAfterMs}),
				fraction,
				(retryAfterMs, random) => {
					expect(retryDelay({kind: 'rate-limit', retryAfterMs}, 1, random)).toBeGreaterThanOrEqual(
						retryAfterMs,
					);
				},
			),
		);
		expect(retryDelay({kind: 'rate-limit', retryAfterMs: 100}, 1, 0.5)).toBe(500);
	});

	it('is none when the other side asks for more than a person would wait', () => {
		const ask = (retryAfterMs: number) => retryDelay({kind: 'rate-limit', retryAfterMs}, 1, 0);
		expect(ask(longestRetryAfterMs)).toBe(15 * 60_000);
		expect(ask(longestRetryAfterMs + 1)).toBeUndefined();
	});

	it('is none after the last call', () => {
		expect(retryDelay({kind: 'transient'}, defaultRetryPolicy.attempts - 1, 0)).toBe(0);
		expect(retryDelay({kind: 'transient'}, defaultRetryPolicy.attempts, 0)).toBeUndefined();
		expect(retryDelay({kind: 'transient'}, defaultRetryPolicy.attempts + 1, 0)).toBeUndefined();
	});

	it('is only for what time can mend', () => {
		expect(failureKinds.filter(kind => retryDelay({kind}, 1, 0) !== undefined)).toEqual([
			'transient',
			'rate-limit',
			'overloaded',
			'server-loading',
			'empty-answer',
			'stream-truncated',
			'stalled',
		]);
		expect(retryDelay({kind: 'quota', retryAfterMs: 10}, 1, 0)).toBeUndefined();
	});
});
