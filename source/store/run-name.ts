import {StoreError} from '../core/store-error.ts';

/**
 * Validates a run name: lowercase letters, digits and dashes, at most 100 characters. Nothing else
 * ever becomes part of a path.
 */
export function checkedRunName(run: string): string {
	if (!isRunName(run)) {
		throw new StoreError('missing', `${JSON.stringify(run)} is not a valid run name`, {
			hint: 'Run names consist of lowercase letters, digits and dashes; `llm-orchestrator runs` lists them.',
		});
	}

	return run;
}

export function isRunName(name: string): boolean {
	return /^[a-z0-9][a-z0-9-]{0,99}$/.test(name);
}
