import type {FailureKind} from '../core/failure.ts';
import type {Recover} from './recovery.ts';

/** Failures that a retry cannot fix. */
const notRetryable: ReadonlySet<FailureKind> = new Set([
	'bad-request',
	'content-filtered',
	'cancelled',
]);

/** The fixed rules: retry while attempts are left and a retry could succeed. */
export const recoverByRules: Recover = ({failure, failedAttempts, maxAttempts}) =>
	notRetryable.has(failure.kind) || failedAttempts >= maxAttempts
		? {action: 'give-up'}
		: {action: 'retry', delayMs: failure.retryAfterMs ?? 0};
