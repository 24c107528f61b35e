import {exitCodes, lockedExitCode, usageExitCode, type RunOutcome} from '../../core/run-report.ts';
import {UsageError} from '../../core/usage-error.ts';
import {StoreError} from '../../core/store-error.ts';
import {RunHeldError} from '../../store/store.ts';
import {FailureError} from '../../core/failure.ts';

export function outcomeExit(outcome: RunOutcome): number {
	return exitCodes[outcome];
}

/** The message and exit code for an error. */
export type ErrorReport = {readonly text: string; readonly exitCode: number};

/** Describes any error that leaves a command; unexpected ones are reported as bugs. */
export function describeError(error: unknown): ErrorReport {
	if (error instanceof UsageError) {
		return {text: withHint(error.message, error.hint), exitCode: usageExitCode};
	}

	if (error instanceof RunHeldError) {
		const hint = error.unknown
			? 'if that machine no longer exists, add --take-over'
			: 'wait for it to end, or stop that process';
		return {text: withHint(error.message, hint), exitCode: lockedExitCode};
	}

	if (error instanceof StoreError) {
		return {text: withHint(error.message, error.hint), exitCode: exitCodes['store-failed']};
	}

	if (error instanceof FailureError) {
		const exitCode = error.kind === 'bad-request' ? usageExitCode : exitCodes['no-provider'];
		return {text: withHint(error.message, error.hint), exitCode};
	}

	const message = error instanceof Error ? error.message : String(error);
	return {
		text: `internal error: ${message} → please report it; DEBUG=llm-orchestrator prints the stack`,
		exitCode: exitCodes.failed,
	};
}

function withHint(message: string, hint: string | undefined): string {
	return hint === undefined ? message : `${message}\n→ ${hint}`;
}
