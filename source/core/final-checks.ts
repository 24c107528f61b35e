import type {Check} from './plan.ts';
import type {RunState} from './run-state.ts';
import type {CheckState} from './run-state-entries.ts';

/** The current final checks, with their results so far. */
export function finalCheckStates(state: RunState): readonly CheckState[] {
	return finalChecks(state).flatMap(({name}) => state.finalChecks.get(name) ?? []);
}

/** The final checks: the person's and the plan's, each command once and named after it. */
export function finalChecks(state: RunState): readonly Check[] {
	const own = (state.settings?.checks ?? []).map(command => ({name: command, command}));
	const planned = (state.plan?.plan.checks ?? []).map(({command}) => ({name: command, command}));
	return [...new Map([...own, ...planned].map(check => [check.command, check])).values()];
}

/** The exact commands that an approved plan and the person's `--check` allow. */
export function approvedChecks(state: RunState): readonly Check[] {
	const own = (state.settings?.checks ?? []).map(command => ({name: command, command}));
	const plan = state.plan?.approved === true ? state.plan.plan : undefined;
	return [...own, ...(plan?.checks ?? []), ...(plan?.subtasks ?? []).flatMap(({checks}) => checks)];
}
