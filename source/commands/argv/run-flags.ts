import {
	approveModes,
	defaultRunSettings,
	permissionModes,
	unpricedModes,
	type RunSettings,
} from '../../core/settings.ts';
import type {Flag, FlagValues} from './command.ts';
import {choiceFlag, countFlag, durationFlag, listFlag, moneyFlag, switchFlag} from './flags.ts';

/** Flags that `run`, `resume` and `demo` share. */
export const runFlags: Readonly<Record<string, Flag>> = {
	json: {type: 'boolean'},
	ui: {type: 'string'},
	includeDeltas: {type: 'boolean'},
	approve: {type: 'string'},
	decisionTimeout: {type: 'string'},
	permission: {type: 'string'},
	maxParallel: {type: 'string'},
	maxTurns: {type: 'string'},
	maxTokens: {type: 'string'},
	budget: {type: 'string'},
	unpriced: {type: 'string'},
	timeout: {type: 'string'},
	check: {type: 'string', isMultiple: true},
};

/** The settings that a person gave, and no others. */
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
		timeoutMs: durationFlag(flags, 'timeout'),
		decisionTimeoutMs: durationFlag(flags, 'decisionTimeout'),
		checks: checks.length === 0 ? undefined : [...checks],
		planOnly: switchFlag(flags, 'planOnly') ? true : undefined,
	});
}

/** What in the settings has no effect as it stands; `undefined` when all has. */
export function idleSetting({unpriced, maxUsd}: RunSettings): string | undefined {
	return unpriced === 'block' && maxUsd === null
		? '--unpriced block does nothing without a --budget'
		: undefined;
}

/**
 * Whether somebody can decide: at this terminal, or (only when `--approve ask` was written) from
 * another process.
 */
export function attendance(
	flags: FlagValues,
	interactive: boolean,
): {readonly attended: boolean; readonly prompts: boolean} {
	const prompts = interactive && !switchFlag(flags, 'json');
	return {attended: prompts || flags['approve'] === 'ask', prompts};
}

/** The settings of a new run: what was given, else the defaults for a terminal or for a script. */
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
		// On a terminal a question stands there for all to see; elsewhere nothing may wait for ever.
		decisionTimeoutMs: attended && !prompts ? unseenDecisionMs : null,
		...givenSettings(flags),
	};
}

/** How long a request waits for another process where no terminal shows it, in ms. */
const unseenDecisionMs = 10 * 60_000;

function withoutMissing(fields: {
	readonly [Key in keyof RunSettings]?: RunSettings[Key] | undefined;
}): Partial<RunSettings> {
	return Object.fromEntries(
		Object.entries(fields).filter(([, value]) => value !== undefined),
	) as Partial<RunSettings>;
}
