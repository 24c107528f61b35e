import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {
	createGraph,
	findCycles,
	topologicalOrder,
	upwardRanks,
	type Graph,
	type GraphNode,
} from '../../source/core/graph.ts';

type Edge = readonly [from: number, to: number];

/** Graphs of up to ten ids, with or without cycles. */
const anyGraph = fc
	.integer({min: 1, max: 10})
	.chain(count =>
		fc.tuple(
			fc.constant(count),
			fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), {maxLength: 25}),
		),
	)
	.map(([count, edges]) =>
		nodesOf(
			count,
			edges.filter(([from, to]) => from !== to),
		),
	);

/** Without a cycle, listed in any order. */
const acyclic = anyGraph
	.map(nodes =>
		nodes.map(({id, dependsOn}) => ({
			id,
			dependsOn: dependsOn.filter(other => Number(other) < Number(id)),
		})),
	)
	.chain(nodes => fc.shuffledSubarray(nodes, {minLength: nodes.length}));

describe('a graph', () => {
	test('leaves out edges from ids that are not there, and what is said twice', () => {
		const graph = createGraph([
			{id: 'a', dependsOn: ['nowhere']},
			{id: 'b', dependsOn: ['a', 'a']},
			{id: 'b', dependsOn: ['c']},
			{id: 'c', dependsOn: []},
		]);
		expect(graph.ids).toEqual(['a', 'b', 'c']);
		expect(edgesOf(graph)).toEqual(['a b']);
		expect(graph.predecessors.get('b')).toEqual(['a']);
		expect(graph.predecessors.get('a')).toEqual([]);
	});

	test('can have ids that are names of object properties', () => {
		const graph = createGraph([
			{id: '__proto__', dependsOn: []},
			{id: 'constructor', dependsOn: ['__proto__']},
		]);
		expect(topologicalOrder(graph)).toEqual(['__proto__', 'constructor']);
	});
});

describe('the order of a graph', () => {
	test('puts every id behind all it depends on, and holds each once', () => {
		fc.assert(
			fc.property(acyclic, nodes => {
				const order = topologicalOrder(createGraph(nodes));
				expect(order.toSorted()).toEqual(nodes.map(({id}) => id).toSorted());
				for (const {id, dependsOn} of nodes) {
					for (const other of dependsOn) {
						expect(order.indexOf(other)).toBeLessThan(order.indexOf(id));
					}
				}
			}),
		);
	});

	test('holds exactly the ids that are neither on nor behind a cycle', () => {
		fc.assert(
			fc.property(anyGraph, nodes => {
				const graph = createGraph(nodes);
				const sorted = topologicalOrder(graph);
				for (const id of graph.ids) {
					const knotted = graph.ids.some(
						other => reaches(nodes, other, other) && (other === id || reaches(nodes, other, id)),
					);
					expect(sorted.includes(id)).toBe(!knotted);
				}
			}),
		);
	});

	test('keeps the order in which people wrote what is free to start', () => {
		const graph = createGraph(['c', 'a', 'b'].map(id => ({id, dependsOn: []})));
		expect(topologicalOrder(graph)).toEqual(['c', 'a', 'b']);
	});
});

describe('cycles', () => {
	test('are found when there are any, each as a closed path along the dependencies', () => {
		fc.assert(
			fc.property(anyGraph, nodes => {
				const cycles = findCycles(createGraph(nodes));
				expect(cycles.length > 0).toBe(nodes.some(({id}) => reaches(nodes, id, id)));
				for (const cycle of cycles) {
					expect(cycle.length).toBeGreaterThan(1);
					expect(cycle[0]).toBe(cycle.at(-1));
					for (const [index, id] of cycle.slice(1).entries()) {
						expect(nodes.find(node => node.id === id)?.dependsOn).toContain(cycle[index]);
					}
				}
			}),
			{numRuns: 500},
		);
	});

	test('are told all at once: each id at most once, and none is left when these are broken', () => {
		fc.assert(
			fc.property(anyGraph, nodes => {
				const told = findCycles(createGraph(nodes)).flatMap(cycle => cycle.slice(1));
				expect(new Set(told).size).toBe(told.length);
				const rest = nodes
					.filter(({id}) => !told.includes(id))
					.map(({id, dependsOn}) => ({
						id,
						dependsOn: dependsOn.filter(other => !told.includes(other)),
					}));
				expect(rest.some(({id}) => reaches(rest, id, id))).toBe(false);
			}),
			{numRuns: 500},
		);
	});

	test('are told apart when one depends on the other', () => {
		const nodes = nodesOf(4, [
			[2, 0],
			[0, 1],
			[1, 0],
			[2, 3],
			[3, 2],
		]);
		const found = findCycles(createGraph(nodes)).map(cycle => new Set(cycle));
		expect(found).toHaveLength(2);
		expect(found).toContainEqual(new Set(['0', '1']));
		expect(found).toContainEqual(new Set(['2', '3']));
	});
});

describe('ranks', () => {
	test('are the weight of the heaviest path to an end', () => {
		fc.assert(
			fc.property(
				acyclic,
				fc.array(fc.integer({min: 1, max: 50}), {minLength: 10}),
				(nodes, weights) => {
					const weight = (id: string) => weights[Number(id)] ?? 1;
					const longest = (id: string): number =>
						weight(id) +
						Math.max(
							0,
							...nodes
								.filter(({dependsOn}) => dependsOn.includes(id))
								.map(node => longest(node.id)),
						);
					const ranks = upwardRanks(createGraph(nodes), weight);
					for (const {id} of nodes) {
						expect(ranks.get(id)).toBe(longest(id));
					}
				},
			),
		);
	});
});

describe('large graphs', () => {
	const chain = Array.from({length: 1_000}, (_, index) => ({
		id: String(index),
		dependsOn: index === 0 ? [] : [String(index - 1)],
	}));
	const wide = [
		{id: 'first', dependsOn: []},
		...Array.from({length: 2_000}, (_, index) => ({id: `w${index}`, dependsOn: ['first']})),
		{id: 'last', dependsOn: Array.from({length: 2_000}, (_, index) => `w${index}`)},
	];

	test.each([
		['1,000 deep', chain, 1_000],
		['2,000 wide', wide, 3],
	])('are no trouble: %s', (_, nodes: readonly GraphNode[], longest) => {
		const graph = createGraph(nodes);
		expect(topologicalOrder(graph)).toHaveLength(nodes.length);
		expect(findCycles(graph)).toEqual([]);
		expect(Math.max(...upwardRanks(graph, () => 1).values())).toBe(longest);
	});

	test('are no trouble when they are one cycle', () => {
		const ring = [{id: '0', dependsOn: ['999']}, ...chain.slice(1)];
		const [cycle, ...more] = findCycles(createGraph(ring));
		expect(cycle).toHaveLength(1_001);
		expect(more).toEqual([]);
	});

	test('are no trouble when they are tangled', () => {
		const tangle = Array.from({length: 400}, (_, index) => ({
			id: String(index),
			dependsOn: Array.from({length: 400}, (_, other) => String(other)).filter(
				other => other !== String(index),
			),
		}));
		expect(findCycles(createGraph(tangle)).flat().length).toBeGreaterThan(400);
	});
});

function nodesOf(count: number, edges: readonly Edge[]): readonly GraphNode[] {
	return Array.from({length: count}, (_, index) => ({
		id: String(index),
		dependsOn: [...new Set(edges.filter(([, to]) => to === index).map(([from]) => String(from)))],
	}));
}

function edgesOf(graph: Graph): readonly string[] {
	return graph.ids.flatMap(from => (graph.successors.get(from) ?? []).map(to => `${from} ${to}`));
}

/** Whether a path of at least one edge leads from one id to the other. */
function reaches(nodes: readonly GraphNode[], from: string, to: string): boolean {
	const seen = new Set<string>();
	const visit = (id: string): boolean =>
		nodes.some(({id: next, dependsOn}) => {
			if (!dependsOn.includes(id) || seen.has(next)) {
				return false;
			}
			seen.add(next);
			return next === to || visit(next);
		});
	return visit(from);
}
