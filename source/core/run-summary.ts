import {z} from 'zod';
import type {RunState} from './run-state.ts';
import {runStatuses, type RunStatus} from './run-state-entries.ts';
import {sanitizeLine, shorten} from './text.ts';
import {isUnverified} from './verified.ts';

/** One line of the list of runs. */
export type RunSummary = {
	readonly run: string;
	readonly team: string;
	/** First line of the task. */
	readonly task: string;
	readonly directory: string;
	readonly status: RunStatus;
	/** Whether a process owns it right now. */
	readonly live: boolean;
	readonly startedAt: string;
	readonly changedAt: string;
	readonly completed: number;
	readonly subtasks: number;
	readonly tokens: number;
	/** Whether its delivered change was undone. */
	readonly undone: boolean;
	/** Whether it completed although nothing was checked. */
	readonly unverified: boolean;
	/** Why it cannot be read, if so. */
	readonly problem?: string | undefined;
};

/** What the list of runs needs from a log, stored next to it. */
export const indexedRunSchema = z.object({
	team: z.string(),
	task: z.string(),
	directory: z.string(),
	status: z.enum(runStatuses),
	/** Whether the log has a final report. */
	closed: z.boolean(),
	startedAt: z.string(),
	changedAt: z.string(),
	completed: z.number().int(),
	subtasks: z.number().int(),
	tokens: z.number(),
	undone: z.boolean(),
	unverified: z.boolean(),
});

export type IndexedRun = z.infer<typeof indexedRunSchema>;

export function indexRun(state: RunState): IndexedRun {
	const statuses = [...state.subtasks.values()].map(({status}) => status);
	return {
		team: state.team?.name ?? '',
		task: shorten(sanitizeLine(typeof state.task === 'string' ? state.task : '(a long task)'), 80),
		directory: state.directory,
		status: state.status,
		closed: state.report !== undefined,
		startedAt: state.startedAt,
		changedAt: state.changedAt,
		completed: statuses.filter(status => status === 'completed').length,
		subtasks: statuses.length,
		tokens: state.usage.total.total,
		undone: state.delivery?.undone === true,
		unverified: isUnverified(state),
	};
}

/** @param live whether a process owns the run: one that died left no final report */
export function summarizeRun(
	run: string,
	{closed, status, ...indexed}: IndexedRun,
	live: boolean,
): RunSummary {
	return {...indexed, run, live, status: closed || live ? status : 'stopped'};
}
