import {canonicalJson, type Json} from './json.ts';
import type {Condition} from './plan.ts';

export type FinalStatus = 'completed' | 'failed' | 'skipped' | 'cancelled';

/** How a subtask ended, as far as its dependants need to know. */
export type Settled = {
	readonly status: FinalStatus;
	/** Present when completed: declared values, and `checks.<name>` measured by the harness. */
	readonly outputs?: Readonly<Record<string, Json>> | undefined;
};

/** Whether a condition holds; `reason` says why not. */
export type Held = {readonly holds: true} | {readonly holds: false; readonly reason: string};

/** The truth table of conditions. `subtask` is the id of what is depended on, for the reason. */
export function conditionHolds(when: Condition, subtask: string, settled: Settled): Held {
	const {status} = settled;
	if (status === 'cancelled') {
		return refused(`"${subtask}" was cancelled`);
	}

	switch (when) {
		case 'success':
			return status === 'completed' ? held : refused(`"${subtask}" ${words[status]}`);
		case 'failure':
			return status === 'failed' ? held : refused(`"${subtask}" ${words[status]}`);
		case 'completion':
			return held;
		default:
			return status === 'completed'
				? predicateHolds(when, subtask, settled)
				: refused(`"${subtask}" ${words[status]}`);
	}
}

function predicateHolds(when: Exclude<Condition, string>, subtask: string, settled: Settled): Held {
	const outputs = settled.outputs ?? {};
	const value = Object.hasOwn(outputs, when.output) ? outputs[when.output] : undefined;
	const name = `output "${when.output}" of "${subtask}"`;
	if ('exists' in when) {
		return (value !== undefined) === when.exists
			? held
			: refused(`${name} ${value === undefined ? 'is missing' : 'is there'}`);
	}

	if (value === undefined) {
		return refused(`${name} is missing`);
	}

	return canonicalJson(value) === canonicalJson(when.equals)
		? held
		: refused(`${name} is ${canonicalJson(value)}, not ${canonicalJson(when.equals)}`);
}

const held: Held = {holds: true};

const words = {completed: 'completed', failed: 'failed', skipped: 'was skipped'} as const;

function refused(reason: string): Held {
	return {holds: false, reason};
}
