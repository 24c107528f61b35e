import {describe, expect, test} from 'vitest';
import {failureKinds} from '../../source/core/failure.ts';
import {recoverByRules} from '../../source/recovery/recover-by-rules.ts';

describe('after a failed attempt', () => {
	const situation = {
		failure: {kind: 'check-failed' as const, message: 'red'},
		failedAttempts: 1,
		maxAttempts: 2,
	};

	test('another one follows while there are attempts left', () => {
		expect(recoverByRules(situation)).toEqual({action: 'retry', delayMs: 0});
		expect(recoverByRules({...situation, failedAttempts: 2})).toEqual({action: 'give-up'});
		expect(recoverByRules({...situation, failedAttempts: 3})).toEqual({action: 'give-up'});
		expect(recoverByRules({...situation, maxAttempts: 1})).toEqual({action: 'give-up'});
	});

	test('the next one waits as long as the other side asked', () => {
		const failure = {kind: 'rate-limit' as const, message: 'busy', retryAfterMs: 7_000};
		expect(recoverByRules({...situation, failure})).toEqual({action: 'retry', delayMs: 7_000});
	});

	test('none follows where the same once more cannot go better', () => {
		const hopeless = failureKinds.filter(
			kind => recoverByRules({...situation, failure: {kind, message: ''}}).action === 'give-up',
		);
		expect(hopeless).toEqual(['content-filtered', 'bad-request', 'cancelled']);
	});
});
