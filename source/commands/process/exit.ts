import {exitCodes, lockedExitCode, usageExitCode, type RunOutcome} from '../../core/run-report.ts';
import {UsageError} from '../../core/usage-error.ts';
import {StoreError} from '../../core/store-error.ts';
import {RunHeldError} from '../../store/store.ts';
import {FailureError} from '../../core/failure.ts';

export function outcomeExit(outcome: RunOutcome): number {
	return exitCodes[outcome];
}

/** What a person is told of an error, and the exit code that goes with it. */
export type Complaint = {readonly text: string; readonly exitCode: number};

/** Every error that leaves a command, in words. What nobody expected names itself as a bug. */
export function complaintOf(error: unknown): Complaint {
	if (error instanceof UsageError) {
		return {text: withHint(error.message, error.hint), exitCode: usageExitCode};
	}

	if (error instanceof RunHeldError) {
		const hint = error.unknown
			? 'if that machine is gone: add --take-over'
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
		text: `internal error: ${message} → please report it; DEBUG=llm-orchestrator shows where`,
		exitCode: exitCodes.failed,
	};
}

function withHint(message: string, hint: string | undefined): string {
	return hint === undefined ? message : `${message}\n→ ${hint}`;
}
