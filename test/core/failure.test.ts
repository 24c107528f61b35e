import {expect, test} from 'vitest';
import {FailureError, failureSchema, toFailure} from '../../source/core/failure.ts';

test('a classified error keeps all that a person can use, and nothing that is absent', () => {
	const error = new FailureError('rate-limit', 'the server is busy', {
		hint: 'wait',
		retryAfterMs: 5,
		status: 429,
		cause: new Error('socket'),
	});
	expect(error.cause).toEqual(new Error('socket'));
	expect(toFailure(error)).toStrictEqual({
		kind: 'rate-limit',
		message: 'the server is busy',
		hint: 'wait',
		retryAfterMs: 5,
		status: 429,
	});
	expect(toFailure(new FailureError('auth', 'no key'))).toStrictEqual({
		kind: 'auth',
		message: 'no key',
	});
});

test.each([
	[new TypeError('x is undefined'), 'x is undefined'],
	['a string', 'a string'],
	[undefined, 'undefined'],
])('what nobody classified is internal: %s', (error, message) => {
	const failure = toFailure(error);
	expect(failure).toStrictEqual({kind: 'internal', message});
	expect(failureSchema.parse(failure)).toEqual(failure);
});
