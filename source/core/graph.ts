/** A directed graph by id: `successors.get(id)` are the ids directly after `id`. */
export type Graph = {
	readonly ids: readonly string[];
	readonly successors: ReadonlyMap<string, readonly string[]>;
	readonly predecessors: ReadonlyMap<string, readonly string[]>;
};

export type GraphNode = {readonly id: string; readonly dependsOn: readonly string[]};

/** Builds the graph, ignoring edges from unknown ids, duplicate edges and duplicate ids. */
export function createGraph(nodes: readonly GraphNode[]): Graph {
	const successors = new Map<string, string[]>();
	const predecessors = new Map<string, string[]>();
	for (const {id} of nodes) {
		successors.set(id, []);
		predecessors.set(id, []);
	}

	const seen = new Set<string>();
	for (const {id, dependsOn} of nodes) {
		if (seen.has(id)) {
			continue;
		}

		seen.add(id);
		for (const predecessorsOf of new Set(dependsOn)) {
			successors.get(predecessorsOf)?.push(id);
			if (successors.has(predecessorsOf)) {
				predecessors.get(id)?.push(predecessorsOf);
			}
		}
	}

	return {ids: [...successors.keys()], successors, predecessors};
}

/**
 * The ids in topological order (Kahn, 1962), otherwise in their given order. Ids on or behind a
 * cycle are left out.
 */
export function topologicalOrder(graph: Graph): readonly string[] {
	const open = new Map(graph.ids.map(id => [id, before(graph, id).length]));
	const order = graph.ids.filter(id => open.get(id) === 0);
	for (const id of order) {
		for (const next of successorsOf(graph, id)) {
			const left = (open.get(next) ?? 0) - 1;
			open.set(next, left);
			if (left === 0) {
				order.push(next);
			}
		}
	}

	return order;
}

/**
 * Cycles as closed paths (`a, b, a`; each id depends on the one before it), no two sharing an id.
 * Removing their ids leaves no cycle.
 */
export function findCycles(graph: Graph): readonly (readonly string[])[] {
	const done = new Set(topologicalOrder(graph));
	const cycles: string[][] = [];
	for (const start of graph.ids) {
		const path = done.has(start) ? [] : [start];
		const place = new Map(path.map((id, index) => [id, index]));
		for (let id = path.at(-1); id !== undefined; id = path.at(-1)) {
			const next = before(graph, id).find(candidate => !done.has(candidate));
			const first = next === undefined ? path.length - 1 : place.get(next);
			if (next !== undefined && first === undefined) {
				place.set(next, path.length);
				path.push(next);
				continue;
			}

			// A cycle, or a dead end.
			const closed = path.splice(first ?? 0);
			for (const visited of closed) {
				done.add(visited);
			}

			if (next !== undefined) {
				cycles.push([next, ...closed.toReversed()]);
			}
		}
	}

	return cycles;
}

/**
 * Upward rank of every id: its own weight plus the heaviest path behind it (Topcuoglu, Hariri, Wu:
 * HEFT, 2002, https://doi.org/10.1109/71.993206). Higher ranks start first.
 */
export function upwardRanks(
	graph: Graph,
	weight: (id: string) => number,
): ReadonlyMap<string, number> {
	const ranks = new Map<string, number>();
	for (const id of topologicalOrder(graph).toReversed()) {
		let longest = 0;
		for (const next of successorsOf(graph, id)) {
			longest = Math.max(longest, ranks.get(next) ?? 0);
		}

		ranks.set(id, weight(id) + longest);
	}

	return ranks;
}

function successorsOf(graph: Graph, id: string): readonly string[] {
	return graph.successors.get(id) ?? [];
}

function before(graph: Graph, id: string): readonly string[] {
	return graph.predecessors.get(id) ?? [];
}
