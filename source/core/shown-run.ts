import {z} from 'zod';
import {openApprovals, openRequest} from './open-approvals.ts';
import {fullPlanSchema} from './plan.ts';
import {reportedSubtaskSchema, runReportSchema, type RunReport} from './run-report.ts';
import {runFactsSchema, summarizeRun, indexRun} from './run-summary.ts';
import type {RunState} from './run-state.ts';

const {outcome, exitCode} = runReportSchema.shape;

/** The document that `show --json` prints. */
export const shownRunSchema = z.object({
	version: z.literal(1),
	...runFactsSchema.shape,
	task: z.string(),
	plan: z
		.object({
			revision: z.number().int(),
			hash: z.string(),
			approved: z.boolean(),
			...fullPlanSchema.shape,
		})
		.optional()
		.meta({id: 'ShownPlan', description: 'The latest revision of the plan.'}),
	subtasks: z.array(reportedSubtaskSchema),
	report: runReportSchema
		.omit({subtasks: true})
		.extend({
			outcome: outcome.nullable().describe('`null` while a process works on the run.'),
			exitCode: exitCode.nullable().describe('`null` while a process works on the run.'),
		})
		.meta({id: 'ShownReport', description: 'How the run ended, or how it stands.'}),
});

export type ShownRun = z.infer<typeof shownRunSchema>;

/**
 * @param facts `report`: the one in the log, or what there would be if the run ended now; `live`:
 * whether a process works on it
 */
export function shownRun(
	state: RunState,
	{live, task, report}: {readonly live: boolean; readonly task: string; readonly report: RunReport},
): ShownRun {
	const {subtasks, ...rest} = report;
	const {team, directory, status, startedAt, changedAt, endedAt, undone, unverified, approvals} =
		summarizeRun(state.run, indexRun(state), live);
	const isRunning = live && state.report === undefined;
	return {
		version: 1,
		run: state.run,
		team,
		task,
		directory,
		status,
		live,
		startedAt,
		changedAt,
		endedAt,
		undone,
		unverified,
		approvals,
		...(state.plan === undefined ? {} : {plan: planOf(state.plan)}),
		subtasks,
		report: isRunning ? {...rest, outcome: null, exitCode: null, ...stepsOf(state)} : rest,
	};
}

function planOf({revision, hash, approved, plan}: NonNullable<RunState['plan']>) {
	return {revision, hash, approved, ...plan};
}

/** A running run needs a decision, or is followed. */
function stepsOf(state: RunState): {readonly next: string} {
	const [open] = openApprovals(state);
	return {
		next: open ? openRequest(state.run, open).approve : `llm-orchestrator watch ${state.run}`,
	};
}
