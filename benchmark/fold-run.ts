import {z} from 'zod';
import {applyEvent} from '../source/core/fold.ts';
import {emptyRunState} from '../source/core/run-state.ts';
import {createFileStore} from '../source/store/file/store.ts';

/**
 * Times in ms; resident memory before reading, and its peak since the start of the process, in MiB.
 */
export const foldedSchema = z.object({
	read: z.number(),
	fold: z.number(),
	total: z.number(),
	idleMiB: z.number(),
	peakMiB: z.number(),
});

/** Reads and folds a run, like `resume` and `runs`; throws if it is incomplete. */
export async function foldRun(
	directory: string,
	run: string,
	count: number,
): Promise<z.infer<typeof foldedSchema>> {
	const idle = process.memoryUsage.rss();
	const store = createFileStore({directory, redact: text => text});
	const begin = performance.now();
	const {events} = await store.read(run);
	const middle = performance.now();
	const state = emptyRunState();
	for (const event of events) {
		applyEvent(state, event);
	}

	const end = performance.now();
	const completed = [...state.subtasks.values()].filter(({status}) => status === 'completed');
	if (state.seq !== count || completed.length < 500) {
		throw new Error(`the fold ended at event ${state.seq}, ${completed.length} subtasks done`);
	}

	return {
		read: middle - begin,
		fold: end - middle,
		total: end - begin,
		idleMiB: idle / 2 ** 20,
		peakMiB: process.resourceUsage().maxRSS / 2 ** 10,
	};
}
