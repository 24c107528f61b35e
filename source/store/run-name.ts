import {StoreError} from '../core/store-error.ts';

/**
 * The name, when it can be one of a run: small letters, digits and dashes, at most 100 characters.
 * Nothing else ever becomes part of a path.
 */
export function checkedRunName(run: string): string {
	if (!isRunName(run)) {
		throw new StoreError('missing', `${JSON.stringify(run)} is not a name that a run can have`, {
			hint: 'Names of runs are small letters, digits and dashes; `llm-orchestrator runs` lists them.',
		});
	}

	return run;
}

export function isRunName(name: string): boolean {
	return /^[a-z0-9][a-z0-9-]{0,99}$/.test(name);
}
