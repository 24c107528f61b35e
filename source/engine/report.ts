import {exitCodes, type RunOutcome, type RunReport} from '../core/run-report.ts';
import type {RunState} from '../core/run-state.ts';

/** Makes the closing line of a run from its state. */
export function createReport(
	state: RunState,
	outcome: RunOutcome,
	reason: string,
	hint?: string,
): RunReport {
	const next = nextStep(state, outcome, hint);
	return {
		outcome,
		exitCode: exitCodes[outcome],
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
		})),
		checks: [...state.finalChecks.values()].map(({name, passed}) => ({
			name,
			passed: passed === true,
		})),
		usage: {
			total: state.usage.total,
			models: Object.fromEntries(state.usage.models),
			agents: Object.fromEntries([...state.agents.values()].map(({name, usage}) => [name, usage])),
		},
		cost: {usd: null, unpricedCalls: state.usage.total.calls},
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
						...optional({target: state.delivery.target}),
					}
				: null,
		activeMs: Math.round(state.activeMs),
	};
}

function nextStep(state: RunState, outcome: RunOutcome, hint?: string): string | undefined {
	const {run} = state;
	switch (outcome) {
		case 'completed':
			return (state.delivery?.files.length ?? 0) > 0 && state.delivery?.mode === 'apply'
				? `llm-orchestrator undo ${run}`
				: undefined;
		case 'rejected':
		case 'cancelled':
			return `llm-orchestrator show ${run}`;
		default:
			return hint === undefined
				? `llm-orchestrator resume ${run}`
				: `${hint}; then: llm-orchestrator resume ${run}`;
	}
}

function optional<Fields extends Record<string, unknown>>(
	fields: Fields,
): {[Key in keyof Fields]?: Exclude<Fields[Key], undefined>} {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
		[Key in keyof Fields]?: Exclude<Fields[Key], undefined>;
	};
}
