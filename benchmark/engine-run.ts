import {mkdtemp, rm} from 'node:fs/promises';
import {join} from 'node:path';
import type {Plan} from '../source/core/plan.ts';
import {createRedactor} from '../source/core/redact.ts';
import type {RunEvent} from '../source/core/run-event.ts';
import {defaultRunSettings} from '../source/core/settings.ts';
import {startRun} from '../source/engine/run.ts';
import {createFileStore} from '../source/store/file/store.ts';
import {createTestParts, quickClock, verified} from '../test/helpers/run-parts.ts';
import type {Work} from './graph.ts';

export type EngineTimes = {
	/** From the plan's approval to the last completed subtask, ms. */
	readonly scheduling: number;
	/** The part of it spent on making the approval durable, before the first subtask starts, ms. */
	readonly approvalSync: number;
	/** From the start of the run to its closed log, ms. */
	readonly total: number;
};

/** Runs have one or two keys to redact. */
export const someKey = 'an-api-key-of-the-person';

/** Runs a plan with the engine on a new run of a file store, including log and redaction. */
export async function runWithEngine(
	scratch: string,
	plan: Plan,
	limit: number,
	work: Work,
): Promise<EngineTimes> {
	const directory = await mkdtemp(join(scratch, 'runs-'));
	const redact = createRedactor([someKey]);
	const store = createFileStore({directory, redact});
	const marks = {approved: 0, firstStart: 0, lastCompletion: 0};
	let completed = 0;
	const begin = performance.now();
	const run = await startRun(order(limit), {
		store,
		clock: quickClock,
		redact,
		program: 'benchmark',
		build: async () =>
			createTestParts({
				redact,
				givenPlan: plan,
				async dispatch({subtask}) {
					await work(subtask.id);
					return verified;
				},
			}),
		listener({type}: RunEvent) {
			if (type === 'approval-decided') {
				marks.approved = performance.now();
			} else if (type === 'subtask-started') {
				marks.firstStart ||= performance.now();
			} else if (type === 'subtask-completed') {
				completed += 1;
				marks.lastCompletion = performance.now();
			}
		},
	});
	const {outcome, reason} = await run.done;
	const total = performance.now() - begin;
	await rm(directory, {recursive: true});
	if (outcome !== 'completed' || completed !== plan.subtasks.length) {
		throw new Error(`the run ended as ${outcome} after ${completed} subtasks: ${reason}`);
	}

	return {
		scheduling: marks.lastCompletion - marks.approved,
		approvalSync: marks.firstStart - marks.approved,
		total,
	};
}

function order(limit: number) {
	const agent = {provider: 'demo', model: 'none'};
	return {
		run: 'run-1',
		task: 'do nothing, often',
		directory: '/nowhere',
		team: {
			name: 'team',
			lead: {name: 'lead', ...agent},
			teammates: Array.from({length: limit}, (_, index) => ({
				name: `teammate-${index + 1}`,
				...agent,
			})),
		},
		settings: {...defaultRunSettings, approve: 'all', maxParallel: limit},
	} as const;
}
