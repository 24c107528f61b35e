import type {RunReport} from '../core/run-report.ts';
import type {RunState} from '../core/run-state.ts';

/** Where the change of a run is, for a person: in the directory, beside it, taken back, or nowhere yet. */
export function deliveredText(report: RunReport, state: RunState): string {
	const {delivered} = report;
	if (!delivered) {
		return undelivered(report);
	}

	const {files, mode, target} = delivered;
	const why = state.delivery?.reason === undefined ? '' : ` (${state.delivery.reason})`;
	switch (mode) {
		case 'branch':
			return `branch ${target ?? ''}${why}; take it: git merge ${target ?? ''}`;
		case 'patch':
			return `patch ${target ?? ''}${why}; take it: git apply ${target ?? ''}`;
		default:
			return files.length === 0 ? 'no file' : written(files, state);
	}
}

/** What is done is not in the directory before all of it is. */
function undelivered({outcome, subtasks}: RunReport): string {
	const isDone = subtasks.some(({status}) => status === 'completed');
	if (!isDone) {
		return 'nothing was written into the directory';
	}

	return outcome === 'cancelled' || outcome === 'rejected'
		? 'nothing: only a run that is done as a whole is delivered'
		: 'nothing yet: what is done is kept, and delivered when the whole run is done';
}

function written(files: readonly string[], state: RunState): string {
	const where = state.directory === '' ? '' : ` in ${state.directory}`;
	const {undone = false, kept = []} = state.delivery ?? {};
	const list = `${listOf(files, state)}${where}`;
	if (undone) {
		return `nothing any more; taken back: ${list}`;
	}

	const back = files.filter(file => !kept.includes(file));
	return kept.length === 0
		? list
		: `${listOf(kept, state)}${where} (kept, as changed since)${back.length === 0 ? '' : `; taken back: ${listOf(back, state)}`}`;
}

/** Files that are named. */
const namedFiles = 8;

function listOf(files: readonly string[], state: RunState): string {
	const counts = lineCounts(state);
	const list = files.slice(0, namedFiles).map(file => `${file}${counts.get(file) ?? ''}`);
	const more = files.length > namedFiles ? ` and ${files.length - namedFiles} more` : '';
	return `${list.join(', ')}${more}`;
}

/** Lines that the merged changes added and removed, by file: ` +3 −1`. */
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
