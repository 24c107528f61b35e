import {StoreError} from '../core/store-error.ts';
import {RunHeldError} from './store.ts';

/** Runs `action`; turns system errors into a `StoreError` that says what failed. */
export async function withStoreErrors<Result>(
	description: string,
	action: () => Promise<Result>,
): Promise<Result> {
	try {
		return await action();
	} catch (error) {
		if (error instanceof StoreError || error instanceof RunHeldError) {
			throw error;
		}
		throw toStoreError(description, error);
	}
}

/** Turns a system error into a `StoreError`: `full` if there is no space, otherwise `io`. */
export function toStoreError(description: string, cause: unknown): StoreError {
	const full = isOutOfSpace(cause);
	return new StoreError(full ? 'full' : 'io', `cannot ${description}: ${messageOf(cause)}`, {
		cause,
		hint: full
			? 'Free up disk space, then try again; `llm-orchestrator resume` continues a run.'
			: 'Check the disk and the permissions of the folder; `llm-orchestrator resume` continues a run.',
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
