import type {RunReport} from '../core/run-report.ts';
import type {RunState} from '../core/run-state.ts';

/** Where a run's change is: in the directory, on a branch, in a patch, undone, or not delivered. */
export function deliveredText(report: RunReport, state: RunState): string {
	const {delivered} = report;
	if (!delivered) {
		return undelivered(report);
	}

	const {files, mode, target} = delivered;
	const why = state.delivery?.reason === undefined ? '' : ` (${state.delivery.reason})`;
	switch (mode) {
		case 'branch':
			return `branch ${target ?? ''}${why}; to merge it: git merge ${target ?? ''}`;
		case 'patch':
			return `patch ${target ?? ''}${why}; to apply it: git apply ${target ?? ''}`;
		default:
			return files.length === 0 ? 'no files' : written(files, state);
	}
}

/** Nothing is delivered before the whole run completes. */
function undelivered({outcome, subtasks}: RunReport): string {
	const isDone = subtasks.some(({status}) => status === 'completed');
	if (!isDone) {
		return 'nothing written to the directory';
	}

	return outcome === 'cancelled' || outcome === 'rejected'
		? 'nothing: only a completed run is delivered'
		: 'nothing yet: finished work is kept and delivered when the run completes';
}

function written(files: readonly string[], state: RunState): string {
	const where = state.directory === '' ? '' : ` in ${state.directory}`;
	const {undone = false, kept = []} = state.delivery ?? {};
	const list = `${listOf(files, state)}${where}`;
	if (undone) {
		return `undone: ${list}`;
	}

	const reverted = files.filter(file => !kept.includes(file));
	return kept.length === 0
		? list
		: `${listOf(kept, state)}${where} (kept: changed since)${reverted.length === 0 ? '' : `; undone: ${listOf(reverted, state)}`}`;
}

/** Files listed by name. */
const namedFiles = 8;

function listOf(files: readonly string[], state: RunState): string {
	const counts = lineCounts(state);
	const list = files.slice(0, namedFiles).map(file => `${file}${counts.get(file) ?? ''}`);
	const more = files.length > namedFiles ? ` and ${files.length - namedFiles} more` : '';
	return `${list.join(', ')}${more}`;
}

/** Lines added and removed by merged changes, by file: ` +3 −1`. */
function lineCounts({subtasks}: RunState): ReadonlyMap<string, string> {
	const sums = new Map<string, {added: number; removed: number}>();
	for (const {finished} of subtasks.values()) {
		for (const {path, added, removed} of finished?.merged === true
			? (finished.change?.files ?? [])
			: []) {
			const before = sums.get(path) ?? {added: 0, removed: 0};
			sums.set(path, {added: before.added + added, removed: before.removed + removed});
		}
	}

	return new Map([...sums].map(([path, {added, removed}]) => [path, ` +${added} −${removed}`]));
}
