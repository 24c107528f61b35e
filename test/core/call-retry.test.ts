import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {failureKinds} from '../../source/core/failure.ts';
import {
	isPersistent,
	isProviderFailure,
	maxRetryAfterMs,
	retryDelay,
} from '../../source/core/call-retry.ts';

const first = {calls: 1, elapsedMs: 0};
const fraction = fc.double({min: 0, max: 1, maxExcluded: true, noNaN: true});

describe('the wait before a call is made again', () => {
	test('is anything from nothing to the doubled wait of the call before, up to the cap', () => {
		fc.assert(
			fc.property(fc.integer({min: 1, max: 7}), fraction, (made, random) => {
				const wait = retryDelay({kind: 'overloaded'}, {calls: made, elapsedMs: 0}, random);
				const ceiling = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000][made - 1] ?? 0;
				expect(wait).toBeGreaterThanOrEqual(0);
				expect(wait).toBeLessThanOrEqual(ceiling);
				expect(Math.abs((wait ?? 0) - random * ceiling)).toBeLessThanOrEqual(0.5);
			}),
		);
	});

	test('is never shorter than what the other side asked for', () => {
		fc.assert(
			fc.property(fc.integer({min: 0, max: maxRetryAfterMs}), fraction, (retryAfterMs, random) => {
				expect(
					retryDelay({kind: 'rate-limit', retryAfterMs}, first, random),
				).toBeGreaterThanOrEqual(retryAfterMs);
			}),
		);
		expect(retryDelay({kind: 'rate-limit', retryAfterMs: 100}, first, 0.5)).toBe(500);
	});

	test('is none when the other side asks for more than a person would wait', () => {
		const ask = (retryAfterMs: number) => retryDelay({kind: 'rate-limit', retryAfterMs}, first, 0);
		expect(ask(maxRetryAfterMs)).toBe(15 * 60_000);
		expect(ask(maxRetryAfterMs + 1)).toBeUndefined();
	});

	test.each([
		['transient', 4],
		['rate-limit', 10],
		['empty-answer', 2],
	] as const)('is none for %s after %i calls', (kind, calls) => {
		expect(retryDelay({kind}, {calls: calls - 1, elapsedMs: 0}, 0)).toBe(0);
		expect(retryDelay({kind}, {calls, elapsedMs: 0}, 0)).toBeUndefined();
	});

	test('is none when it would go beyond the time that retries may take in all', () => {
		expect(retryDelay({kind: 'transient'}, {calls: 2, elapsedMs: 299_000}, 0.5)).toBe(1_000);
		expect(retryDelay({kind: 'transient'}, {calls: 2, elapsedMs: 299_001}, 0.5)).toBeUndefined();
		expect(
			retryDelay({kind: 'rate-limit', retryAfterMs: 600_000}, {calls: 2, elapsedMs: 400_000}, 0),
		).toBeUndefined();
	});

	test('is only for what time can mend', () => {
		expect(failureKinds.filter(kind => retryDelay({kind}, first, 0) !== undefined)).toEqual([
			'transient',
			'rate-limit',
			'overloaded',
			'server-loading',
			'empty-answer',
			'stream-truncated',
			'stalled',
		]);
		expect(retryDelay({kind: 'quota', retryAfterMs: 10}, first, 0)).toBeUndefined();
	});
});

test('a failure that lasts is one of the provider', () => {
	for (const kind of failureKinds.filter(isPersistent)) {
		expect(isProviderFailure(kind)).toBe(true);
	}

	expect(failureKinds.filter(isProviderFailure)).not.toContain('check-failed');
});
