import type {FailureKind} from '../core/failure.ts';
import type {Recover} from './recovery.ts';

/** Kinds that the same attempt once more cannot mend. */
const hopeless: ReadonlySet<FailureKind> = new Set([
	'bad-request',
	'content-filtered',
	'cancelled',
]);

/** The fixed rules: a new attempt while there are attempts left and a new one could go better. */
export const recoverByRules: Recover = ({failure, failedAttempts, maxAttempts}) =>
	hopeless.has(failure.kind) || failedAttempts >= maxAttempts
		? {action: 'give-up'}
		: {action: 'retry', delayMs: failure.retryAfterMs ?? 0};
