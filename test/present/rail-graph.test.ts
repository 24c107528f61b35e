import * as fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {createGraph, transitiveReduction} from '../../source/core/graph.ts';
import type {Dependency, Plan, Subtask} from '../../source/core/plan.ts';
import {layoutRails, railText, type RailLayout} from '../../source/present/rail-graph.ts';
import {randomPlan} from '../core/random-plan.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';
import {traceRails} from './trace-rails.ts';

describe('the rails of a plan', () => {
	it.each<[string, readonly Record<string, unknown>[], string]>([
		[
			'go straight down a chain',
			[subtask('a'), subtask('b', {dependsOn: ['a']}), subtask('c', {dependsOn: ['b']})],
			`
◆  a
●  b
●  c`,
		],
		[
			'tell what has no connection',
			[subtask('a'), subtask('b')],
			`
◆  a
◆  b`,
		],
		[
			'fan out and in',
			[
				subtask('setup'),
				...['a', 'b', 'c'].map(id => subtask(id, {dependsOn: ['setup']})),
				subtask('end', {dependsOn: ['a', 'b', 'c']}),
			],
			`
◆      setup
├▸●─╮  a
├▸●─┤  b
╰▸●─┤  c
●◂──╯  end`,
		],
		[
			'keep branches together',
			[
				subtask('a1'),
				subtask('b1'),
				subtask('a2', {dependsOn: ['a1']}),
				subtask('b2', {dependsOn: ['b1']}),
				subtask('end', {dependsOn: ['a2', 'b2']}),
			],
			`
◆    a1
●─╮  a2
◆ │  b1
●─┤  b2
  ●  end`,
		],
		[
			'leave out what a longer path implies',
			[subtask('a'), subtask('b', {dependsOn: ['a']}), subtask('c', {dependsOn: ['a', 'b']})],
			`
◆  a
●  b
●  c`,
		],
		[
			'are dashed where something else than success is waited for',
			[
				subtask('tests'),
				subtask('fix', {dependsOn: [{subtask: 'tests', when: 'failure'}]}),
				subtask('log', {dependsOn: [{subtask: 'tests', when: 'completion'}]}),
				subtask('ship', {join: 'any', dependsOn: ['tests', 'fix']}),
			],
			`
◆      tests
├▹●    fix
├─┴▸●  ship
╰┄┄▹●  log`,
		],
		[
			'are dashed down a lane once only conditions are left',
			[
				subtask('a'),
				subtask('b', {dependsOn: [{subtask: 'a', when: 'failure'}]}),
				subtask('c', {dependsOn: ['b']}),
				subtask('d', {dependsOn: ['a']}),
				subtask('e', {dependsOn: ['d']}),
				subtask('f', {dependsOn: [{subtask: 'a', when: 'failure'}]}),
			],
			`
◆    a
├▹●  b
│ ●  c
├▸●  d
┊ ●  e
╰▹●  f`,
		],
		[
			'pass under lanes they have nothing to do with',
			[
				subtask('a'),
				subtask('b', {dependsOn: ['a']}),
				subtask('c', {dependsOn: ['a']}),
				subtask('d', {dependsOn: ['b', 'x']}),
				subtask('e', {dependsOn: ['c', 'x']}),
				subtask('x', {dependsOn: ['a']}),
			],
			`
◆        a
├▸●─╮    b
├▸●─│─╮  c
╰▸●─┼─┤  x
●◂──╯ │  d
  ●◂──╯  e`,
		],
	])('%s', (_, subtasks, drawing) => {
		expect(railText(layoutRails(planOf({subtasks})))).toEqual(drawing.trim().split('\n'));
	});

	it('have a form in ASCII', () => {
		const plan = planOf({
			subtasks: [
				subtask('build'),
				subtask('tests', {dependsOn: ['build']}),
				subtask('fix', {dependsOn: [{subtask: 'tests', when: 'failure'}]}),
				subtask('ship', {join: 'any', dependsOn: ['tests', 'fix']}),
				subtask('log', {dependsOn: ['ship', {subtask: 'tests', when: 'completion'}]}),
			],
		});
		expect(railText(layoutRails(plan), {ascii: true})).toEqual([
			'o      build',
			'*      tests',
			'+}*    fix',
			"+-'>*  ship",
			'\\}*</  log',
		]);
	});

	it('name the dependencies that there is no lane for', () => {
		const plan = planOf({
			subtasks: [
				subtask('a'),
				subtask('b', {dependsOn: ['a']}),
				subtask('c', {dependsOn: ['a']}),
				subtask('d', {dependsOn: ['b', {subtask: 'c', when: 'completion'}]}),
			],
		});
		const layout = layoutRails(plan, {maxLanes: 2});
		expect(railText(layout)).toEqual(['◆    a', '├▸●  b', '╰▸●  c', '●◃╯  d  ← b']);
		expect(layout.rows[3]?.spilled).toEqual([{subtask: 'b', when: 'success'}]);
	});

	it('keep lanes for what is near when there is much that is far', () => {
		const far = Array.from({length: 7}, (_, index) => `far-${index}`);
		const chain = Array.from({length: 50}, (_, index) => `link-${index}`);
		const plan = planOf({
			subtasks: [
				...far.map(id => subtask(id)),
				...chain.map((id, index) =>
					subtask(id, {dependsOn: index === 0 ? [] : [`link-${index - 1}`]}),
				),
				...far.map((id, index) =>
					subtask(`end-${index}`, {dependsOn: [id, 'link-49', ...(index === 0 ? ['near'] : [])]}),
				),
				subtask('beside', {dependsOn: ['link-20']}),
				subtask('near', {dependsOn: ['link-20', 'beside', 'link-30']}),
			],
		});
		const {rows} = layoutRails(plan);
		const spilled = rows.flatMap(row =>
			row.spilled.map(edge => `${edge.subtask} → ${row.subtask.id}`),
		);
		expect(spilled).toHaveLength(3);
		for (const edge of spilled) {
			expect(edge).toMatch(/^far-. → end-.$/);
		}
	});

	it('know of each piece whose it is', () => {
		const plan = planOf({
			subtasks: [
				subtask('a'),
				subtask('b', {dependsOn: ['a']}),
				subtask('c', {dependsOn: ['a']}),
				subtask('d', {dependsOn: ['b', 'c']}),
			],
		});
		const layout = layoutRails(plan);
		expect(railText(layout)).toEqual(['◆      a', '├▸●─╮  b', '╰▸●─┤  c', '●◂──╯  d']);
		expect(layout.rows.map(({cells}) => cells.map(({row}) => row).join(''))).toEqual([
			'0',
			'01111',
			'02221',
			'33332',
		]);
	});
});

describe('what can be read in the rails of any plan', () => {
	const maxLanes = fc.constantFrom(1, 2, 3, 5, 8);
	const ascii = fc.boolean();

	it('is what the plan says', () => {
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

	it('is the transitive reduction when all must succeed', () => {
		fc.assert(
			fc.property(sparsePlan, plan => {
				const layout = layoutRails(plan);
				const reduced = transitiveReduction(
					createGraph(
						plan.subtasks.map(({id, dependsOn}) => ({
							id,
							dependsOn: dependsOn.map(edge => edge.subtask),
						})),
					),
				);
				const expected = [...reduced.predecessors].flatMap(([to, before]) =>
					before.map(from => `${from} → ${to}`),
				);
				const read = [...drawnEdges(layout, false), ...spilledEdges(layout)];
				expect(read.toSorted()).toEqual(expected.toSorted());
			}),
		);
	});

	it('holds every subtask once, behind all it depends on', () => {
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

	it.each<[string, Plan]>([
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
