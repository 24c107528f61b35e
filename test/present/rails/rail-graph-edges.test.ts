import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Dependency, Plan, Subtask} from '../../../source/core/plan.ts';
import {layoutRails, type RailLayout} from '../../../source/present/rails/rail-graph.ts';
import {randomPlan} from '../../core/random-plan.ts';
import {planOf, subtask} from '../../helpers/run-parts.ts';
import {railText} from './rail-text.ts';
import {traceRails} from './trace-rails.ts';

describe('what can be read in the rails of any plan', () => {
	const maxLanes = fc.constantFrom(1, 2, 3, 5, 8);
	const ascii = fc.boolean();

	test('is what the plan says', () => {
		fc.assert(
			fc.property(fc.oneof(randomPlan(), sparsePlan), maxLanes, ascii, (plan, most, inAscii) => {
				const layout = layoutRails(plan, {maxLanes: most});
				const read = [...drawnEdges(layout, inAscii), ...spilledEdges(layout)];
				expect(read.toSorted()).toEqual(tellingEdges(plan).toSorted());
				expect(layout.width).toBeLessThanOrEqual(2 * most - 1);
			}),
			{numRuns: 500},
		);
	});

	test('holds every subtask once, behind all it depends on', () => {
		fc.assert(
			fc.property(fc.oneof(randomPlan(), sparsePlan), plan => {
				const order = layoutRails(plan).rows.map(row => row.subtask.id);
				expect(order.toSorted()).toEqual(plan.subtasks.map(({id}) => id).toSorted());
				for (const {id, dependsOn} of plan.subtasks) {
					for (const edge of dependsOn) {
						expect(order.indexOf(edge.subtask)).toBeLessThan(order.indexOf(id));
					}
				}
			}),
		);
	});

	test.each<[string, Plan]>([
		['a chain', largePlan(5_000, row => (row === 0 ? [] : [row - 1]))],
		['a fan', largePlan(5_000, (row, last) => fanOut(row, last))],
		['layers', largePlan(5_000, row => layerBefore(row, 20))],
	])('holds all of 5,000 subtasks in %s', (_, plan) => {
		const layout = layoutRails(plan);
		expect(spilledEdges(layout)).toEqual([]);
		expect(drawnEdges(layout, false)).toHaveLength(
			plan.subtasks.reduce((sum, {dependsOn}) => sum + dependsOn.length, 0),
		);
	});
});

/** Up to 40 subtasks with a few dependencies each, most of them near. */
const sparsePlan: fc.Arbitrary<Plan> = fc
	.array(fc.array(fc.integer({min: 1, max: 9}), {maxLength: 3}), {minLength: 1, maxLength: 40})
	.map(distances =>
		planOf({
			subtasks: distances.map((own, index) =>
				subtask(`s${index}`, {
					dependsOn: [...new Set(own)]
						.filter(distance => distance <= index)
						.map(distance => `s${index - distance}`),
				}),
			),
		}),
	);

/** The edges that a finger can follow, `a → b` or `a ┄ b`. */
function drawnEdges(layout: RailLayout, ascii: boolean): readonly string[] {
	const lines = railText(layout, {ascii}).map(line => line.slice(0, layout.width));
	const idAt = (row: number) => layout.rows[row]?.subtask.id ?? '';
	return traceRails(lines).map(
		({from, to, conditional}) => `${idAt(from)} ${conditional ? '┄' : '→'} ${idAt(to)}`,
	);
}

function spilledEdges({rows}: RailLayout): readonly string[] {
	return rows.flatMap(({subtask: {id}, spilled}) => spilled.map(edge => edgeText(edge, id)));
}

/** The edges that nothing else implies, by trying all paths. */
function tellingEdges(plan: Plan): readonly string[] {
	const byId = new Map(plan.subtasks.map(entry => [entry.id, entry]));
	const strictly = (entry: Subtask | undefined): readonly string[] =>
		entry && (entry.join === 'all' || entry.dependsOn.length === 1)
			? entry.dependsOn.filter(({when}) => when === 'success').map(edge => edge.subtask)
			: [];
	const reaches = (to: string, from: string): boolean =>
		strictly(byId.get(to)).some(before => before === from || reaches(before, from));
	return plan.subtasks.flatMap(entry =>
		entry.dependsOn
			.filter(
				edge =>
					!strictly(entry).includes(edge.subtask) ||
					!strictly(entry).some(other => reaches(other, edge.subtask)),
			)
			.map(edge => edgeText(edge, entry.id)),
	);
}

function edgeText({subtask: from, when}: Dependency, to: string): string {
	return `${from} ${when === 'success' ? '→' : '┄'} ${to}`;
}

function largePlan(
	count: number,
	dependsOn: (row: number, last: number) => readonly number[],
): Plan {
	return planOf({
		subtasks: Array.from({length: count}, (_, row) =>
			subtask(`s${row}`, {dependsOn: dependsOn(row, count - 1).map(other => `s${other}`)}),
		),
	});
}

function fanOut(row: number, last: number): readonly number[] {
	if (row === last) {
		return Array.from({length: last - 1}, (_, index) => index + 1);
	}

	return row === 0 ? [] : [0];
}

function layerBefore(row: number, size: number): readonly number[] {
	const first = (Math.floor(row / size) - 1) * size;
	return first < 0 ? [] : Array.from({length: size}, (_, index) => first + index);
}
