import * as fc from 'fast-check';
import type {SubtaskOutcome} from '../../source/core/condition.ts';
import type {Condition, Plan} from '../../source/core/plan.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';

const condition: fc.Arbitrary<Condition> = fc.oneof(
	{weight: 3, arbitrary: fc.constant<Condition>('success')},
	{weight: 3, arbitrary: fc.constantFrom<Condition>('failure', 'completion')},
	{
		weight: 2,
		arbitrary: fc.constantFrom<Condition>(
			{output: 'answer', equals: 42},
			{output: 'answer', equals: {deep: [1]}},
			{output: 'answer', exists: true},
			{output: 'answer', exists: false},
		),
	},
);

/** Valid plans of up to `most` subtasks with all kinds of edges, listed in any order. */
export function randomPlan(most = 12): fc.Arbitrary<Plan> {
	return fc.integer({min: 1, max: most}).chain(count =>
		fc
			.tuple(
				fc.array(
					fc.record({
						join: fc.constantFrom('all', 'any'),
						edges: fc.array(fc.option(condition, {freq: 2}), {minLength: count, maxLength: count}),
					}),
					{minLength: count, maxLength: count},
				),
				fc.array(fc.nat(), {minLength: count, maxLength: count}),
			)
			.map(([nodes, order]) => {
				const subtasks = nodes.map(({join, edges}, index) =>
					subtask(`s${index}`, {
						join,
						outputs: ['answer'],
						dependsOn: edges
							.slice(0, index)
							.flatMap((when, other) => (when === null ? [] : [{subtask: `s${other}`, when}])),
					}),
				);
				return planOf({
					subtasks: subtasks
						.map((entry, index) => ({entry, place: order[index] ?? 0}))
						.toSorted((a, b) => a.place - b.place)
						.map(({entry}) => entry),
				});
			}),
	);
}

/** How a subtask that ran can end. */
export const randomEnding: fc.Arbitrary<SubtaskOutcome> = fc.oneof(
	{
		weight: 3,
		arbitrary: fc
			.constantFrom({}, {answer: 42}, {answer: {deep: [1]}}, {answer: null}, {other: 42})
			.map(outputs => ({status: 'completed' as const, outputs})),
	},
	{weight: 2, arbitrary: fc.constant<SubtaskOutcome>({status: 'failed'})},
	{weight: 1, arbitrary: fc.constant<SubtaskOutcome>({status: 'cancelled'})},
);

/** A number for each choice that a simulated run makes. */
export function choices(count: number): fc.Arbitrary<readonly number[]> {
	return fc.array(fc.nat({max: 1_000}), {minLength: count, maxLength: count});
}
