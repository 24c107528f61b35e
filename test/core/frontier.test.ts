import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {SubtaskOutcome} from '../../source/core/condition.ts';
import {createFrontier} from '../../source/core/frontier.ts';
import type {Condition, Dependency, Plan, Subtask} from '../../source/core/plan.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';
import {choices, randomEnding, randomPlan} from './random-plan.ts';

const simulation = fc
	.tuple(randomPlan(), choices(40), fc.array(randomEnding, {minLength: 12, maxLength: 12}))
	.map(([plan, order, endings]) => ({plan, order, endings}));

describe('the execution of a plan', () => {
	test('ends with every subtask in a final status, whatever the outcomes and their order', () => {
		fc.assert(
			fc.property(simulation, run => {
				const settled = simulate(run);
				for (const {id} of run.plan.subtasks) {
					expect(settled.get(id)?.status).toMatch(/^(completed|failed|skipped|cancelled)$/);
				}
			}),
			{numRuns: 500},
		);
	});

	test('starts a subtask as soon as its join holds, skips it as soon as it cannot hold, and only then', () => {
		fc.assert(
			fc.property(simulation, run => {
				simulate(run, (settled, started) => {
					for (const entry of run.plan.subtasks) {
						const outlook = outlookOf(entry, settled);
						if (settled.get(entry.id)?.status === 'skipped') {
							expect(outlook).toBe('impossible');
						} else if (started.has(entry.id)) {
							expect(outlook).toBe('holds');
						} else {
							expect(outlook).toBe('open');
						}
					}
				});
			}),
			{numRuns: 500},
		);
	});

	test('does not depend on the order in which subtasks end', () => {
		fc.assert(
			fc.property(simulation, choices(40), ({plan, order, endings}, otherOrder) => {
				const one = simulate({plan, order, endings});
				const other = simulate({plan, order: otherOrder, endings});
				expect(statuses(other)).toEqual(statuses(one));
			}),
		);
	});

	test('gives a reason for each skip that names what it depended on', () => {
		fc.assert(
			fc.property(simulation, run => {
				simulate(run, undefined, ({subtask: id, reason}) => {
					const dependencies = run.plan.subtasks.find(entry => entry.id === id)?.dependsOn ?? [];
					expect(dependencies.some(edge => reason.includes(`"${edge.subtask}"`))).toBe(true);
				});
			}),
		);
	});
});

describe('"repair when the tests failed, then go on"', () => {
	const plan = planOf({
		subtasks: [
			subtask('tests'),
			subtask('repair', {dependsOn: [{subtask: 'tests', when: 'failure'}]}),
			subtask('go-on', {join: 'any', dependsOn: ['tests', 'repair']}),
		],
	});

	test('skips the repair and goes on when they pass', () => {
		const frontier = createFrontier(plan);
		expect(frontier.start()).toEqual({ready: ['tests'], skipped: []});
		expect(frontier.settle('tests', {status: 'completed'})).toEqual({
			ready: ['go-on'],
			skipped: [{subtask: 'repair', reason: '"tests" completed'}],
		});
	});

	test('repairs first when they fail', () => {
		const frontier = createFrontier(plan);
		frontier.start();
		expect(frontier.settle('tests', {status: 'failed'})).toEqual({ready: ['repair'], skipped: []});
		expect(frontier.settle('repair', {status: 'completed'}).ready).toEqual(['go-on']);
	});

	test('gives up when the repair fails too, and says why', () => {
		const frontier = createFrontier(plan);
		frontier.start();
		frontier.settle('tests', {status: 'failed'});
		expect(frontier.settle('repair', {status: 'failed'})).toEqual({
			ready: [],
			skipped: [{subtask: 'go-on', reason: '"tests" failed; "repair" failed'}],
		});
	});
});

describe('a frontier', () => {
	test('takes no notice of a subtask that ends twice', () => {
		const frontier = createFrontier(
			planOf({subtasks: [subtask('a'), subtask('b', {dependsOn: ['a']})]}),
		);
		frontier.start();
		expect(frontier.settle('a', {status: 'completed'}).ready).toEqual(['b']);
		expect(frontier.settle('a', {status: 'failed'})).toEqual({ready: [], skipped: []});
	});

	test('never starts or skips a subtask that was cancelled while it waited', () => {
		for (const ending of ['completed', 'failed'] as const) {
			const frontier = createFrontier(
				planOf({subtasks: [subtask('a'), subtask('b', {dependsOn: ['a']})]}),
			);
			frontier.start();
			frontier.settle('b', {status: 'cancelled'});
			expect(frontier.settle('a', {status: ending})).toEqual({ready: [], skipped: []});
		}
	});

	test('stands in the same place when a run is resumed, in whatever order the past is told', () => {
		fc.assert(
			fc.property(simulation, fc.nat(12), choices(12), (run, events, order) => {
				let past: readonly (readonly [string, SubtaskOutcome])[] = [];
				let live: readonly string[] = [];
				simulate(run, (settled, started) => {
					if (settled.size > events) {
						return;
					}
					past = [...settled];
					live = [...started].filter(id => !settled.has(id));
				});
				const frontier = createFrontier(run.plan);
				const told = past
					.map((entry, index) => ({entry, place: order[index] ?? 0}))
					.toSorted((a, b) => a.place - b.place)
					.map(({entry: [id, ending]}) => frontier.settle(id, ending).ready);
				const final = new Set(past.map(([id]) => id));
				const ready = [...frontier.start().ready, ...told.flat()].filter(id => !final.has(id));
				expect(ready.toSorted()).toEqual(live.toSorted());
			}),
		);
	});

	test.each([
		['1,000 deep', chain(1_000)],
		['2,000 wide', fan(2_000)],
	])('is quick with large plans: %s', (_, plan) => {
		const settled = simulate({plan, order: [], endings: [{status: 'completed'}]});
		expect(settled.size).toBe(plan.subtasks.length);
	});

	test('skips a chain of 1,000 at once', () => {
		const frontier = createFrontier(chain(1_000));
		frontier.start();
		expect(frontier.settle('s0', {status: 'failed'}).skipped).toHaveLength(999);
	});
});

type Simulation = {
	readonly plan: Plan;
	readonly order: readonly number[];
	readonly endings: readonly SubtaskOutcome[];
};

/** Runs a plan: what may start starts at once, and ends in an order that `order` chooses. */
function simulate(
	{plan, order, endings}: Simulation,
	onStep?: (settled: ReadonlyMap<string, SubtaskOutcome>, started: ReadonlySet<string>) => void,
	onSkip?: (skip: {readonly subtask: string; readonly reason: string}) => void,
): ReadonlyMap<string, SubtaskOutcome> {
	const frontier = createFrontier(plan);
	const settled = new Map<string, SubtaskOutcome>();
	const started = new Set<string>();
	const running: string[] = [];
	const take = (step: ReturnType<typeof frontier.start>) => {
		for (const id of step.ready) {
			expect(started.has(id) || settled.has(id)).toBe(false);
			started.add(id);
			running.push(id);
		}

		for (const skip of step.skipped) {
			expect(started.has(skip.subtask) || settled.has(skip.subtask)).toBe(false);
			settled.set(skip.subtask, {status: 'skipped'});
			onSkip?.(skip);
		}

		onStep?.(settled, started);
	};

	take(frontier.start());
	for (let turn = 0; running.length > 0; turn++) {
		const [id = ''] = running.splice((order[turn] ?? 0) % running.length, 1);
		const ending = endings[Number(id.slice(1)) % endings.length] ?? {status: 'completed'};
		settled.set(id, ending);
		take(frontier.settle(id, ending));
	}

	return settled;
}

/** The meaning of a join, said once more and as plainly as possible. */
function outlookOf(
	{dependsOn, join}: Subtask,
	settled: ReadonlyMap<string, SubtaskOutcome>,
): 'holds' | 'impossible' | 'open' {
	const edges = dependsOn.map(edge => truth(edge, settled.get(edge.subtask)));
	if (join === 'all') {
		if (edges.every(edge => edge === true)) {
			return 'holds';
		}
		return edges.includes(false) ? 'impossible' : 'open';
	}

	if (edges.length === 0 || edges.includes(true)) {
		return 'holds';
	}
	return edges.every(edge => edge === false) ? 'impossible' : 'open';
}

function truth({when}: Dependency, ending: SubtaskOutcome | undefined): boolean | undefined {
	if (!ending) {
		return undefined;
	}
	const column = {completed: 0, failed: 1, skipped: 2, cancelled: 3}[ending.status];
	const rows = {
		success: [true, false, false, false],
		failure: [false, true, false, false],
		completion: [true, true, true, false],
		predicate: [predicate(when, ending), false, false, false],
	};
	return rows[typeof when === 'string' ? when : 'predicate'][column];
}

function predicate(when: Condition, {outputs = {}}: SubtaskOutcome): boolean {
	if (typeof when === 'string') {
		return false;
	}
	const value = Object.entries(outputs).find(([name]) => name === when.output)?.[1];
	return 'exists' in when
		? (value !== undefined) === when.exists
		: JSON.stringify(value) === JSON.stringify(when.equals);
}

function statuses(settled: ReadonlyMap<string, SubtaskOutcome>): Record<string, string> {
	return Object.fromEntries([...settled].map(([id, {status}]) => [id, status]));
}

function chain(length: number): Plan {
	return planOf({
		subtasks: Array.from({length}, (_, index) =>
			subtask(`s${index}`, {dependsOn: index === 0 ? [] : [`s${index - 1}`]}),
		),
	});
}

function fan(width: number): Plan {
	const middle = Array.from({length: width}, (_, index) => `s${index + 1}`);
	return planOf({
		subtasks: [
			subtask('s0'),
			...middle.map(id => subtask(id, {dependsOn: ['s0']})),
			subtask(`s${width + 1}`, {dependsOn: middle}),
		],
	});
}
