import {
	approveModes,
	defaultRunSettings,
	permissionModes,
	unpricedModes,
	unverifiedModes,
	type RunSettings,
} from '../../core/settings.ts';
import type {Flag, FlagValues} from './command.ts';
import {choiceFlag, countFlag, durationFlag, listFlag, moneyFlag, switchFlag} from './flags.ts';

/** Flags that `run`, `resume` and `demo` share. */
export const runFlags: Readonly<Record<string, Flag>> = {
	json: {type: 'boolean'},
	ui: {type: 'string'},
	includeDeltas: {type: 'boolean'},
	full: {type: 'boolean'},
	approve: {type: 'string'},
	decisionTimeout: {type: 'string'},
	permission: {type: 'string'},
	maxParallel: {type: 'string'},
	maxTurns: {type: 'string'},
	maxTokens: {type: 'string'},
	budget: {type: 'string'},
	unpriced: {type: 'string'},
	unverified: {type: 'string'},
	timeout: {type: 'string'},
	check: {type: 'string', isMultiple: true},
};

/** Only the settings that were given as flags. */
export function givenSettings(flags: FlagValues): Partial<RunSettings> {
	const checks = listFlag(flags, 'check');
	return withoutMissing({
		approve: choiceFlag(flags, 'approve', approveModes),
		permission: choiceFlag(flags, 'permission', permissionModes),
		maxParallel: countFlag(flags, 'maxParallel'),
		maxTurns: countFlag(flags, 'maxTurns'),
		maxTokens: countFlag(flags, 'maxTokens'),
		maxUsd: moneyFlag(flags, 'budget'),
		unpriced: choiceFlag(flags, 'unpriced', unpricedModes),
		unverified: choiceFlag(flags, 'unverified', unverifiedModes),
		timeoutMs: durationFlag(flags, 'timeout'),
		decisionTimeoutMs: durationFlag(flags, 'decisionTimeout'),
		checks: checks.length === 0 ? undefined : [...checks],
		planOnly: switchFlag(flags, 'planOnly') ? true : undefined,
	});
}

/** A warning about settings that have no effect; `undefined` when there are none. */
export function ineffectiveSetting({unpriced, maxUsd}: RunSettings): string | undefined {
	return unpriced === 'block' && maxUsd === null
		? '--unpriced block has no effect without --budget'
		: undefined;
}

/**
 * Whether someone can decide: at this terminal, or (only with an explicit `--approve ask`) from
 * another process.
 */
export function attendance(
	flags: FlagValues,
	interactive: boolean,
): {readonly attended: boolean; readonly prompts: boolean} {
	const prompts = interactive && !switchFlag(flags, 'json');
	return {attended: prompts || flags['approve'] === 'ask', prompts};
}

/** The settings of a new run: the given flags, with defaults for a terminal or a script. */
export function newSettings(
	flags: FlagValues,
	interactive: boolean,
	team: {readonly teammates: number | readonly unknown[]; readonly budget?: number | undefined},
): RunSettings {
	const {attended, prompts} = attendance(flags, interactive);
	return {
		...defaultRunSettings,
		approve: prompts ? 'ask' : 'criteria',
		maxParallel: typeof team.teammates === 'number' ? team.teammates : team.teammates.length,
		maxUsd: team.budget ?? null,
		attended,
		// A request on a terminal is visible; elsewhere nothing may wait forever.
		decisionTimeoutMs: attended && !prompts ? unseenDecisionMs : null,
		...givenSettings(flags),
	};
}

/** How long a request without a terminal waits for a decision by another process, in ms. */
const unseenDecisionMs = 10 * 60_000;

function withoutMissing(fields: {
	readonly [Key in keyof RunSettings]?: RunSettings[Key] | undefined;
}): Partial<RunSettings> {
	return Object.fromEntries(
		Object.entries(fields).filter(([, value]) => value !== undefined),
	) as Partial<RunSettings>;
}
