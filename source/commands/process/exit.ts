import {exitCodes, lockedExitCode, usageExitCode, type RunOutcome} from '../../core/run-report.ts';
import {UsageError} from '../../core/usage-error.ts';
import {StoreError} from '../../core/store-error.ts';
import {RunHeldError} from '../../store/store.ts';
import {FailureError} from '../../core/failure.ts';

export function outcomeExit(outcome: RunOutcome): number {
	return exitCodes[outcome];
}

/** What went wrong, and the exit code. `text` is both message and hint, for people. */
export type ErrorReport = {
	readonly message: string;
	readonly hint: string | undefined;
	readonly text: string;
	readonly exitCode: number;
};

/** Describes any error that leaves a command; unexpected ones are reported as bugs. */
export function describeError(error: unknown): ErrorReport {
	if (error instanceof UsageError) {
		return reportOf(error.message, error.hint, usageExitCode);
	}

	if (error instanceof RunHeldError) {
		const hint = error.unknown
			? 'if that machine no longer exists, add --take-over'
			: 'wait for it to end, or stop that process';
		return reportOf(error.message, hint, lockedExitCode);
	}

	if (error instanceof StoreError) {
		return reportOf(error.message, error.hint, exitCodes['store-failed']);
	}

	if (error instanceof FailureError) {
		const exitCode = error.kind === 'bad-request' ? usageExitCode : exitCodes['no-provider'];
		return reportOf(error.message, error.hint, exitCode);
	}

	const message = error instanceof Error ? error.message : String(error);
	const text = `internal error: ${message}`;
	const hint = 'please report it; DEBUG=llm-orchestrator prints the stack';
	return {...reportOf(text, hint, exitCodes.failed), text: `${text} → ${hint}`};
}

function reportOf(message: string, hint: string | undefined, exitCode: number): ErrorReport {
	return {message, hint, text: hint === undefined ? message : `${message}\n→ ${hint}`, exitCode};
}
