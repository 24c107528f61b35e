import {isVerified} from '../core/verified.ts';
import {besideExitCode, exitCodes, type RunOutcome, type RunReport} from '../core/run-report.ts';
import {runCost, type RunState} from '../core/run-state.ts';
import {finalCheckStates} from '../core/final-checks.ts';
import {shellQuoted} from '../core/shell-quoted.ts';

/** How an invocation ended. */
export type ReportedEnd = {
	readonly outcome: RunOutcome;
	readonly message: string;
	readonly hint?: string | undefined;
};

/**
 * Creates the report of a run from its state.
 *
 * @param activeMs includes the time since the last event if a process owns the run
 */
export function createReport(
	state: RunState,
	end: ReportedEnd,
	activeMs: number = state.activeMs,
): RunReport {
	const {outcome, message: reason} = end;
	return {
		outcome,
		exitCode: outcome === 'completed' && isBeside(state) ? besideExitCode : exitCodes[outcome],
		reason,
		...nextSteps(state, end),
		subtasks: [...state.subtasks.values()].map(subtask => ({
			id: subtask.id,
			status: subtask.status,
			attempts: subtask.attempt,
			...optional({
				agent: subtask.agent,
				summary: subtask.summary,
				reason: subtask.reason ?? subtask.failure?.message,
			}),
			checks: subtask.checks.map(({name, passed}) => ({name, passed: passed === true})),
			files: (subtask.finished?.change?.files ?? []).map(({path}) => path),
			usage: subtask.usage,
		})),
		verified: isVerified(state),
		checks: finalCheckStates(state).map(({name, passed}) => ({
			name,
			passed: passed === true,
		})),
		usage: {
			total: state.usage.total,
			models: Object.fromEntries(state.usage.models),
			agents: Object.fromEntries([...state.agents.values()].map(({name, usage}) => [name, usage])),
		},
		cost: runCost(state),
		denied: state.denied.map(({agent, subtask, what, by}) => ({
			...optional({agent, subtask}),
			what,
			by,
		})),
		delivered:
			state.delivery?.done === true
				? {
						files: [...state.delivery.files],
						mode: state.delivery.mode,
						...optional({target: state.delivery.target, reason: state.delivery.reason}),
					}
				: null,
		activeMs: Math.round(activeMs),
	};
}

/** Whether the change is on a branch or in a patch, and not in the directory. */
function isBeside({delivery}: RunState): boolean {
	return delivery?.done === true && delivery.mode !== 'apply' && delivery.files.length > 0;
}

/** What to do next: one command for a shell, and what has to be done before it. */
function nextSteps(
	{run, directory, delivery}: RunState,
	{outcome, hint}: ReportedEnd,
): Pick<RunReport, 'next' | 'hint'> {
	const resume = `llm-orchestrator resume ${run}`;
	switch (outcome) {
		case 'completed':
			return nextAfterDelivery(run, directory, delivery);
		case 'rejected':
		case 'cancelled':
			return {next: `llm-orchestrator show ${run}`};
		default:
			if (hint === undefined || hint === '') {
				return {next: resume};
			}

			return isOptions.test(hint) ? {next: `${resume} ${hint}`} : {hint, next: resume};
	}
}

/** A hint that consists of options for `resume`: `--max-tokens 2000 --budget 5`. */
const isOptions = /^--[a-z-]+ [\w.]+(?: --[a-z-]+ [\w.]+)*$/;

function nextAfterDelivery(
	run: string,
	directory: string,
	delivery: RunState['delivery'],
): Pick<RunReport, 'next' | 'hint'> {
	if (!delivery?.done || delivery.files.length === 0) {
		return {};
	}

	const git = `git -C ${shellQuoted(directory)}`;
	const target = shellQuoted(delivery.target ?? '');
	switch (delivery.mode) {
		case 'apply':
			return {next: `llm-orchestrator undo ${run}`};
		case 'branch':
			return {hint: 'commit or stash your own changes', next: `${git} merge --no-edit ${target}`};
		case 'patch':
			return {next: `${git} apply ${target}`};
	}
}

function optional<Fields extends Record<string, unknown>>(
	fields: Fields,
): {[Key in keyof Fields]?: Exclude<Fields[Key], undefined>} {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
		[Key in keyof Fields]?: Exclude<Fields[Key], undefined>;
	};
}
