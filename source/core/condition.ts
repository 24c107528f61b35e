import {canonicalJson, type Json} from './json.ts';
import type {Condition} from './plan.ts';

export type FinalStatus = 'completed' | 'failed' | 'skipped' | 'cancelled';

/** How a subtask ended, as far as its dependents need to know. */
export type SubtaskOutcome = {
	readonly status: FinalStatus;
	/** Present if completed: declared values, and `checks.<name>` measured by the harness. */
	readonly outputs?: Readonly<Record<string, Json>> | undefined;
};

/** Whether a condition holds, or why not. */
export type ConditionResult =
	{readonly holds: true} | {readonly holds: false; readonly reason: string};

/** The truth table of conditions. `subtask` is the id of the dependency, for the reason. */
export function evaluateCondition(
	when: Condition,
	subtask: string,
	outcome: SubtaskOutcome,
): ConditionResult {
	const {status} = outcome;
	if (status === 'cancelled') {
		return unsatisfied(`"${subtask}" was cancelled`);
	}

	switch (when) {
		case 'success':
			return status === 'completed'
				? satisfied
				: unsatisfied(`"${subtask}" ${statusPhrases[status]}`);
		case 'failure':
			return status === 'failed' ? satisfied : unsatisfied(`"${subtask}" ${statusPhrases[status]}`);
		case 'completion':
			return satisfied;
		default:
			return status === 'completed'
				? evaluatePredicate(when, subtask, outcome)
				: unsatisfied(`"${subtask}" ${statusPhrases[status]}`);
	}
}

function evaluatePredicate(
	when: Exclude<Condition, string>,
	subtask: string,
	outcome: SubtaskOutcome,
): ConditionResult {
	const outputs = outcome.outputs ?? {};
	const value = Object.hasOwn(outputs, when.output) ? outputs[when.output] : undefined;
	const name = `output "${when.output}" of "${subtask}"`;
	if ('exists' in when) {
		return (value !== undefined) === when.exists
			? satisfied
			: unsatisfied(`${name} ${value === undefined ? 'is missing' : 'is there'}`);
	}

	if (value === undefined) {
		return unsatisfied(`${name} is missing`);
	}

	return canonicalJson(value) === canonicalJson(when.equals)
		? satisfied
		: unsatisfied(`${name} is ${canonicalJson(value)}, not ${canonicalJson(when.equals)}`);
}

const satisfied: ConditionResult = {holds: true};

const statusPhrases = {completed: 'completed', failed: 'failed', skipped: 'was skipped'} as const;

function unsatisfied(reason: string): ConditionResult {
	return {holds: false, reason};
}
