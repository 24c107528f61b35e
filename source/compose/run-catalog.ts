import {systemClock} from './clock.ts';
import type {RunCatalog} from '../core/run.ts';
import {UsageError} from '../core/usage-error.ts';
import type {RunState} from '../core/run-state.ts';
import {
	indexedRunSchema,
	indexRun,
	summarizeRun,
	unreadableRun,
	type IndexedRun,
	type RunSummary,
} from '../core/run-summary.ts';
import {attachRun} from '../engine/follow/attach.ts';
import {foldLog} from '../engine/log/fold-log.ts';
import type {RunInfo, Store} from '../store/store.ts';

/** The runs that a store keeps. */
export function createRunCatalog(store: Store): RunCatalog {
	return {
		async list({team, limit = Number.POSITIVE_INFINITY} = {}) {
			const summaries: RunSummary[] = [];
			// Sequentially: a log without an index is read completely, and the screen must stay responsive.
			for (const info of await latestFirst(store)) {
				const summary = await summarize(store, info);
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
			// An unset variable of a script: the beginning of every id.
			if (reference === '') {
				throw new UsageError('the id of the run is empty', 'see: llm-orchestrator runs');
			}

			const runs = (await latestFirst(store)).map(({run}) => run);
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
				throw new UsageError(`unknown run "${reference}"`, 'see: llm-orchestrator runs');
			}

			if (another !== undefined) {
				const others = found.length > 5 ? ` and ${found.length - 5} more` : '';
				throw new UsageError(
					`"${reference}" matches several runs: ${found.slice(0, 5).join(', ')}${others}`,
					'write more of the id, or "last" for the latest run',
				);
			}

			return run;
		},
		open: async (run, signal) => attachRun(store, run, {clock: systemClock, signal}),
		isLive: async run => (await store.owner(run)) !== undefined,
	};
}

/** By start time, which ids begin with, so that touching an old run does not make it the latest. */
async function latestFirst(store: Store): Promise<readonly RunInfo[]> {
	return (await store.list()).toSorted((a, b) => (a.run < b.run ? 1 : -1));
}

async function summarize(store: Store, info: RunInfo): Promise<RunSummary> {
	const {run} = info;
	try {
		const live = (await store.owner(run)) !== undefined;
		return summarizeRun(run, await readIndexed(store, info), live);
	} catch (error) {
		return unreadableRun(run, error instanceof Error ? error.message : String(error));
	}
}

/** The run from the index if its log is unchanged; otherwise from the log, which is then indexed. */
async function readIndexed(store: Store, {run, version}: RunInfo): Promise<IndexedRun> {
	const entry = await store.readIndex(run);
	const known =
		entry?.version === version ? indexedRunSchema.safeParse(entry.value).data : undefined;
	if (known) {
		return known;
	}

	const value = indexRun(await readState(store, run));
	// A list must not fail because the disk is full or read-only.
	await store.writeIndex(run, {version, value}).catch(() => undefined);
	return value;
}

/** The current state of a run, from its log. */
export async function readState(store: Store, run: string): Promise<RunState> {
	const {events} = await store.read(run);
	return foldLog(events, async hash => store.readBlob(run, hash));
}
