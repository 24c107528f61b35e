import {StoreError} from '../core/store-error.ts';
import {RunHeldError} from './store.ts';

/** What `action` returns; what the system refuses comes out as a `StoreError` that says what was tried. */
export async function reportingProblems<Result>(
	attempt: string,
	action: () => Promise<Result>,
): Promise<Result> {
	try {
		return await action();
	} catch (error) {
		if (error instanceof StoreError || error instanceof RunHeldError) throw error;
		throw systemProblem(attempt, error);
	}
}

/** A refusal of the system as a `StoreError`: `full` when there is no space, else `io`. */
export function systemProblem(attempt: string, cause: unknown): StoreError {
	const full = isOutOfSpace(cause);
	return new StoreError(full ? 'full' : 'io', `cannot ${attempt}: ${messageOf(cause)}`, {
		cause,
		hint: full
			? 'Make room on the disk, then try again; `llm-orchestrator resume` goes on with a run.'
			: 'Check the disk and the permissions of the folder; `llm-orchestrator resume` goes on with a run.',
	});
}

export function isOutOfSpace(error: unknown): boolean {
	return hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT');
}

export function hasCode(error: unknown, code: string): boolean {
	return error instanceof Error && 'code' in error && error.code === code;
}

function messageOf(cause: unknown): string {
	return cause instanceof Error ? cause.message : String(cause);
}
