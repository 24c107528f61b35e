import type {Verdict} from '../core/approval.ts';
import {createGraph, topologicalOrder} from '../core/graph.ts';
import type {Plan} from '../core/plan.ts';
import {verdictOf} from './verdict.ts';

/** Maximum number of reasons to show. */
const maxReasons = 10;

/** `scope`: subtasks that can run in parallel don't write the same paths. */
export function judgeScope(plan: Plan): Verdict {
	const areOrdered = createOrder(plan);
	const warnings: string[] = [];
	let more = 0;
	for (const {a, b, path} of overlappingPairs(plan)) {
		if (areOrdered(a, b)) {
			continue;
		}

		if (warnings.length < maxReasons) {
			warnings.push(`${a} and ${b} can run in parallel and both intend to write ${path}`);
		} else {
			more += 1;
		}
	}

	return verdictOf('scope', {
		warnings: more > 0 ? [...warnings, `and ${more} more`] : warnings,
		passed: 'no subtasks write the same path in parallel',
	});
}

/**
 * Whether one of two subtasks comes after the other. Uses a bit set per subtask, since all pairs
 * are queried.
 */
function createOrder(plan: Plan): (a: string, b: string) => boolean {
	const graph = createGraph(
		plan.subtasks.map(({id, dependsOn}) => ({id, dependsOn: dependsOn.map(edge => edge.subtask)})),
	);
	const order = topologicalOrder(graph);
	const places = new Map(order.map((id, place) => [id, place]));
	const placeOf = (id: string) => places.get(id) ?? 0;
	const later = new Map<string, Uint32Array>();
	for (const id of order.toReversed()) {
		const row = new Uint32Array(Math.ceil(order.length / 32));
		for (const next of graph.successors.get(id) ?? []) {
			const place = placeOf(next);
			later.get(next)?.forEach((bits, word) => {
				row[word] = (row[word] ?? 0) | bits;
			});
			row[place >>> 5] = (row[place >>> 5] ?? 0) | (1 << (place & 31));
		}

		later.set(id, row);
	}

	const reaches = (from: string, to: string) => {
		const place = placeOf(to);
		return (((later.get(from)?.[place >>> 5] ?? 0) >>> (place & 31)) & 1) === 1;
	};

	return (a, b) => reaches(a, b) || reaches(b, a);
}

type Overlap = {readonly a: string; readonly b: string; readonly path: string};

/** Pairs of subtasks where one writes a path at or under a path of the other, each pair once. */
function* overlappingPairs(plan: Plan): Generator<Overlap> {
	/** Subtasks that write exactly a path, and those that write something under it, and what. */
	const owners = new Map<string, {readonly id: string; readonly path: string}[]>();
	const below = new Map<string, {readonly id: string; readonly path: string}[]>();
	for (const {id: b, writes} of plan.subtasks) {
		const met = new Set<string>();
		const paths = new Set(writes.map(prefixOf));
		for (const path of paths) {
			const above = ancestors(path).flatMap(place => owners.get(place) ?? []);
			for (const {id: a, path: deeper} of [
				...above.map(({id}) => ({id, path})),
				...(below.get(path) ?? []),
			]) {
				if (!met.has(a)) {
					met.add(a);
					yield {a, b, path: deeper === '' ? 'everything' : deeper};
				}
			}
		}

		for (const path of paths) {
			add(owners, path, {id: b, path});
			for (const place of ancestors(path).slice(0, -1)) {
				add(below, place, {id: b, path});
			}
		}
	}
}

function add<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
	const list = map.get(key);
	if (list) {
		list.push(value);
	} else {
		map.set(key, [value]);
	}
}

/** The complete segments of a glob or path before its first wildcard. */
function prefixOf(path: string): string {
	const segments = path.split('/').filter(segment => segment !== '' && segment !== '.');
	const wildcard = segments.findIndex(segment => /[*?[{]/.test(segment));
	return (wildcard === -1 ? segments : segments.slice(0, wildcard)).join('/');
}

/** The path itself and all its parent directories, including the top (`''`). */
function ancestors(path: string): readonly string[] {
	const segments = path === '' ? [] : path.split('/');
	return Array.from({length: segments.length + 1}, (_, length) =>
		segments.slice(0, length).join('/'),
	);
}
