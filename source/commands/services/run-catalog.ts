import {systemClock} from '../../compose/clock.ts';
import type {RunCatalog, RunSummary} from '../../core/run.ts';
import {UsageError} from '../../core/usage-error.ts';
import type {RunState} from '../../core/run-state.ts';
import {sanitizeLine, shorten} from '../../core/text.ts';
import {attachRun} from '../../engine/follow/attach.ts';
import {foldLog} from '../../engine/log/fold-log.ts';
import type {Store} from '../../store/store.ts';

/** The runs that a store keeps. */
export function createRunCatalog(store: Store): RunCatalog {
	return {
		async list({team, limit = Number.POSITIVE_INFINITY} = {}) {
			const summaries: RunSummary[] = [];
			// Sequentially: each log is read completely, and the screen must stay responsive meanwhile.
			for (const run of await latestFirst(store)) {
				const summary = await summarize(store, run);
				if (team === undefined || summary.team === team) {
					summaries.push(summary);
				}

				if (summaries.length >= limit) {
					break;
				}
			}

			return summaries;
		},
		async resolve(reference) {
			const runs = await latestFirst(store);
			if (runs.length === 0) {
				throw new UsageError('there are no runs yet', 'start one: llm-orchestrator demo');
			}

			const found =
				reference === 'last'
					? runs.slice(0, 1)
					: runs.includes(reference)
						? [reference]
						: runs.filter(run => run.startsWith(reference));
			const [run, another] = found;
			if (run === undefined) {
				throw new UsageError(`there is no run "${reference}"`, 'see: llm-orchestrator runs');
			}

			if (another !== undefined) {
				throw new UsageError(
					`"${reference}" matches several runs: ${found.slice(0, 5).join(', ')}`,
				);
			}

			return run;
		},
		open: async (run, signal) => attachRun(store, run, {clock: systemClock, signal}),
		isLive: async run => (await store.owner(run)) !== undefined,
	};
}

/** By start time, which ids begin with, so that touching an old run does not make it the latest. */
async function latestFirst(store: Store): Promise<readonly string[]> {
	const runs = (await store.list()).map(({run}) => run);
	return runs.sort().reverse();
}

async function summarize(store: Store, run: string): Promise<RunSummary> {
	const blank = {
		run,
		team: '',
		task: '',
		directory: '',
		live: false,
		startedAt: '',
		changedAt: '',
		completed: 0,
		subtasks: 0,
		tokens: 0,
		undone: false,
	};
	const state = await readState(store, run).catch((error: unknown) =>
		error instanceof Error ? error.message : String(error),
	);
	if (typeof state === 'string') {
		return {...blank, status: 'stopped', problem: state};
	}

	const live = (await store.owner(run)) !== undefined;
	const statuses = [...state.subtasks.values()].map(({status}) => status);
	return {
		run,
		team: state.team?.name ?? '',
		task: shorten(sanitizeLine(typeof state.task === 'string' ? state.task : '(a long task)'), 80),
		directory: state.directory,
		status: state.report || live ? state.status : 'stopped',
		live,
		startedAt: state.startedAt,
		changedAt: state.changedAt,
		completed: statuses.filter(status => status === 'completed').length,
		subtasks: statuses.length,
		tokens: state.usage.total.total,
		undone: state.delivery?.undone === true,
	};
}

/** The current state of a run, from its log. */
export async function readState(store: Store, run: string): Promise<RunState> {
	const {events} = await store.read(run);
	return foldLog(events, async hash => store.readBlob(run, hash));
}
