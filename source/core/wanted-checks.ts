import type {Check} from './plan.ts';
import type {CheckState, RunState} from './run-state.ts';

/** The checks of the whole that count now, with what is known of each. */
export function finalChecksOf(state: RunState): readonly CheckState[] {
	return wantedChecks(state).flatMap(({name}) => state.finalChecks.get(name) ?? []);
}

/** The checks of the whole: the person's own and those of the plan, each command once, named by it. */
export function wantedChecks(state: RunState): readonly Check[] {
	const own = (state.settings?.checks ?? []).map(command => ({name: command, command}));
	const planned = (state.plan?.plan.checks ?? []).map(({command}) => ({name: command, command}));
	return [...new Map([...own, ...planned].map(check => [check.command, check])).values()];
}

/** The commands that an approved plan (and the person's own `--check`) allow, word for word. */
export function approvedChecks(state: RunState): readonly Check[] {
	const own = (state.settings?.checks ?? []).map(command => ({name: command, command}));
	const plan = state.plan?.approved === true ? state.plan.plan : undefined;
	return [...own, ...(plan?.checks ?? []), ...(plan?.subtasks ?? []).flatMap(({checks}) => checks)];
}
