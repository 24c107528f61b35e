import type {Verdict} from '../core/approval.ts';
import {createGraph, type Graph} from '../core/graph.ts';
import type {Plan} from '../core/plan.ts';
import {verdictOf} from './verdict.ts';

/** Reasons that a person still reads. */
const maxReasons = 10;

/** `scope`: subtasks that can run at the same time do not mean to write the same paths. */
export function judgeScope(plan: Plan): Verdict {
	const graph = createGraph(
		plan.subtasks.map(({id, dependsOn}) => ({id, dependsOn: dependsOn.map(edge => edge.subtask)})),
	);
	const overlaps = overlappingPairs(plan).filter(
		({a, b}) => !reaches(graph, a, b) && !reaches(graph, b, a),
	);
	const warnings = overlaps
		.slice(0, maxReasons)
		.map(({a, b, path}) => `${a} and ${b} can run at the same time and both mean to write ${path}`);
	const more = overlaps.length - warnings.length;
	return verdictOf('scope', {
		warnings: more > 0 ? [...warnings, `and ${more} more`] : warnings,
		passed: 'no two subtasks mean to write the same path at the same time',
	});
}

type Overlap = {readonly a: string; readonly b: string; readonly path: string};

/** Pairs of subtasks of which one means to write a path at or under a path of the other. */
function overlappingPairs(plan: Plan): readonly Overlap[] {
	const owners = new Map<string, string[]>();
	for (const {id, writes} of plan.subtasks) {
		for (const path of new Set(writes.map(prefixOf))) {
			owners.set(path, [...(owners.get(path) ?? []), id]);
		}
	}

	const pairs = new Map<string, Overlap>();
	for (const [path, ids] of owners) {
		for (const place of ancestors(path)) {
			for (const a of owners.get(place) ?? []) {
				for (const b of ids) {
					const key = [a, b].sort().join(' ');
					if (a !== b && !pairs.has(key)) {
						pairs.set(key, {a, b, path: path === '' ? 'everything' : path});
					}
				}
			}
		}
	}

	return [...pairs.values()];
}

/** The part of a glob or path before its first wildcard, as whole segments. */
function prefixOf(path: string): string {
	const segments = path.replace(/^\.\//, '').split('/').filter(Boolean);
	const wildcard = segments.findIndex(segment => /[*?[{]/.test(segment));
	return (wildcard === -1 ? segments : segments.slice(0, wildcard)).join('/');
}

/** The path itself and all directories above it, the top (`''`) included. */
function ancestors(path: string): readonly string[] {
	const segments = path === '' ? [] : path.split('/');
	return Array.from({length: segments.length + 1}, (_, length) =>
		segments.slice(0, length).join('/'),
	);
}

function reaches(graph: Graph, from: string, to: string): boolean {
	const seen = new Set([from]);
	for (const id of seen) {
		for (const next of graph.successors.get(id) ?? []) {
			if (next === to) {
				return true;
			}

			seen.add(next);
		}
	}

	return false;
}
