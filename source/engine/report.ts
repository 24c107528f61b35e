import {isVerified} from '../core/verified.ts';
import {besideExitCode, exitCodes, type RunOutcome, type RunReport} from '../core/run-report.ts';
import {spentUsd, type RunState} from '../core/run-state.ts';
import {finalCheckStates} from '../core/final-checks.ts';

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
	const next = nextStep(state, end);
	return {
		outcome,
		exitCode: outcome === 'completed' && isBeside(state) ? besideExitCode : exitCodes[outcome],
		reason,
		...(next === undefined ? {} : {next}),
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
		cost: costOf(state),
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

/** Rounded to millionths, because floating-point sums are inexact. */
function costOf(state: RunState): RunReport['cost'] {
	const {calls, unpriced} = state.usage.total;
	const usd = Math.round(spentUsd(state) * 1e6) / 1e6;
	return {usd: calls > 0 && unpriced === calls ? null : usd, unpricedCalls: unpriced};
}

/** The next command to run. A hint that starts with `--` is an option for `resume`. */
function nextStep({run, delivery}: RunState, {outcome, hint}: ReportedEnd): string | undefined {
	const resume = `llm-orchestrator resume ${run}`;
	switch (outcome) {
		case 'completed':
			return nextAfterDelivery(run, delivery);
		case 'rejected':
		case 'cancelled':
			return `llm-orchestrator show ${run}`;
		default:
			if (hint === undefined) {
				return resume;
			}

			return hint.startsWith('--') ? `${resume} ${hint}` : `${hint}; then: ${resume}`;
	}
}

function nextAfterDelivery(run: string, delivery: RunState['delivery']): string | undefined {
	if (!delivery?.done || delivery.files.length === 0) {
		return undefined;
	}

	switch (delivery.mode) {
		case 'apply':
			return `llm-orchestrator undo ${run}`;
		case 'branch':
			return `git merge ${delivery.target ?? ''}`;
		case 'patch':
			return `git apply ${delivery.target ?? ''}`;
	}
}

function optional<Fields extends Record<string, unknown>>(
	fields: Fields,
): {[Key in keyof Fields]?: Exclude<Fields[Key], undefined>} {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
		[Key in keyof Fields]?: Exclude<Fields[Key], undefined>;
	};
}
