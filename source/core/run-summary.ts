import {z} from 'zod';
import {openApprovals, openRequest, openRequestSchema} from './open-approvals.ts';
import {costSchema, exitCodes, runOutcomes} from './run-report.ts';
import {runCost, type RunState} from './run-state.ts';
import {runStatuses} from './run-state-entries.ts';
import {sanitizeLine, shorten} from './text.ts';
import {isUnverified} from './verified.ts';

/** What `runs` and `show` say of every run. */
export const runFactsSchema = z.object({
	run: z.string().describe('Its id.'),
	team: z.string(),
	directory: z.string(),
	status: z.enum(runStatuses).describe('`stopped`: it can be resumed.'),
	live: z.boolean().describe('Whether a process works on it right now.'),
	startedAt: z.string().describe('ISO 8601.'),
	changedAt: z.string().describe('The time of its last event.'),
	endedAt: z
		.string()
		.nullable()
		.describe('`null` while a process works on it; if that died, the time of its last event.'),
	undone: z.boolean().describe('Whether its delivered change was undone.'),
	unverified: z.boolean().describe('Whether it completed although no check passed.'),
	approvals: z.array(openRequestSchema).describe('Requests that wait for a decision.'),
});

const listedRunSchema = runFactsSchema
	.extend({
		task: z.string().describe('The first line of the task, shortened.'),
		outcome: z.enum(runOutcomes).nullable().describe('`null` while a process works on it.'),
		exitCode: z
			.number()
			.int()
			.nullable()
			.describe('Of its last process; 130 if that died; `null` while one works on it.'),
		completed: z.number().int().describe('Completed subtasks.'),
		subtasks: z.number().int().describe('All subtasks.'),
		tokens: z.number(),
		cost: costSchema,
		problem: z.string().optional().describe('Why it cannot be read; then other fields are empty.'),
	})
	.meta({id: 'ListedRun', description: 'A run in the list.'});

/** The document that `runs --json` prints. */
export const listedRunsSchema = z.object({
	version: z.literal(1),
	runs: z.array(listedRunSchema).describe('The one started last comes first.'),
});

export type ListedRuns = z.infer<typeof listedRunsSchema>;

/** One line of the list of runs. */
export type RunSummary = Readonly<z.infer<typeof listedRunSchema>>;

/** What the list of runs needs from a log, stored next to it. */
export const indexedRunSchema = listedRunSchema.omit({run: true, live: true, problem: true});

export type IndexedRun = z.infer<typeof indexedRunSchema>;

export function indexRun(state: RunState): IndexedRun {
	const statuses = [...state.subtasks.values()].map(({status}) => status);
	return {
		team: state.team?.name ?? '',
		task: shorten(sanitizeLine(typeof state.task === 'string' ? state.task : '(a long task)'), 80),
		directory: state.directory,
		status: state.status,
		outcome: state.report?.outcome ?? null,
		exitCode: state.report?.exitCode ?? null,
		startedAt: state.startedAt,
		changedAt: state.changedAt,
		endedAt: state.endedAt ?? null,
		completed: statuses.filter(status => status === 'completed').length,
		subtasks: statuses.length,
		tokens: state.usage.total.total,
		cost: runCost(state),
		undone: state.delivery?.undone === true,
		unverified: isUnverified(state),
		approvals: openApprovals(state).map(approval => openRequest(state.run, approval)),
	};
}

/** @param live whether a process owns the run: one that died left no final report */
export function summarizeRun(run: string, indexed: IndexedRun, live: boolean): RunSummary {
	const died = indexed.outcome === null && !live;
	return {
		run,
		live,
		...indexed,
		...(died
			? {
					status: 'stopped',
					outcome: 'interrupted',
					exitCode: exitCodes.interrupted,
					endedAt: indexed.changedAt,
				}
			: {}),
	};
}

/** A run whose log cannot be read, and why. */
export function unreadableRun(run: string, problem: string): RunSummary {
	return {
		run,
		team: '',
		task: '',
		directory: '',
		status: 'stopped',
		live: false,
		outcome: null,
		exitCode: null,
		startedAt: '',
		changedAt: '',
		endedAt: null,
		completed: 0,
		subtasks: 0,
		tokens: 0,
		cost: {usd: null, unpricedCalls: 0},
		undone: false,
		unverified: false,
		approvals: [],
		problem,
	};
}
