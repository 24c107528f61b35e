import {setTimeout as sleep} from 'node:timers/promises';
import type {Clock} from '../../source/core/clock.ts';
import {parsePlan} from '../../source/core/plan-problems.ts';
import type {Plan} from '../../source/core/plan.ts';
import type {RunEvent} from '../../source/core/run-event.ts';
import {defaultRunSettings, type RunSettings} from '../../source/core/settings.ts';
import type {Dispatcher} from '../../source/engine/attempt/attempt-context.ts';
import type {OwnedRun} from '../../source/core/run.ts';
import {createModelMemory} from '../../source/engine/model/model-memory.ts';
import type {RunParts} from '../../source/engine/run-parts.ts';
import {resumeRun, startRun} from '../../source/engine/run.ts';
import {recoverByRules} from '../../source/recovery/recover-by-rules.ts';
import {createMemoryStore} from '../../source/store/memory/store.ts';
import type {Store} from '../../source/store/store.ts';
import type {Workspace} from '../../source/workspace/workspace.ts';

/** Real time; waits of retries last no time at all. */
export const quickClock: Clock = {
	now: () => Date.now(),
	monotonic: () => performance.now(),
	async sleep(ms, signal) {
		await sleep(Math.min(ms, 20), undefined, {signal});
	},
};

/** A workspace without files: commits are numbers that grow. */
export function createEmptyWorkspace(): Workspace {
	let head = 'c0';
	return {
		prepare: async () => ({kind: 'plain', base: 'c0', files: 0}),
		head: async () => head,
		open: async (name, base) => ({directory: `/nowhere/${name}`, base}),
		find: async () => undefined,
		commit: async () => null,
		diff: async () => '',
		remove: async () => undefined,
		exportChange: async () => Buffer.alloc(0),
		importChange: async () => undefined,
		merge: async change => ({kind: 'merged', commit: `${change.commit}*`}),
		async advance(from, to) {
			if (head !== from && head !== to) {
				throw new Error(`the head is ${head}, not ${from}`);
			}

			head = to;
		},
		sync: async () => undefined,
		planDelivery: async () => ({mode: 'apply', paths: []}),
		deliver: async () => ({mode: 'apply', files: []}),
		undo: async () => ({files: [], kept: []}),
	};
}

export const verified = {kind: 'verified', change: null, summary: 'done', outputs: {}} as const;

/** Parts that do nothing but what a test replaces. */
export function createTestParts(parts: Partial<RunParts> = {}): RunParts {
	return {
		clock: quickClock,
		random: () => 0,
		redact: text => text,
		workspace: createEmptyWorkspace(),
		sandbox: {
			confinement: {backend: 'none', label: 'UNSANDBOXED', confined: false},
			killLeftovers: async () => undefined,
			run: async () => ({
				exitCode: 0,
				endedBy: 'exit',
				output: '',
				outputBytes: 0,
				durationMs: 0,
			}),
		},
		guardPaths() {
			throw new Error('this run has no files');
		},
		async connect() {
			throw new Error('this run has no models');
		},
		models: createModelMemory(),
		async lead() {
			throw new Error('this run has no lead');
		},
		judgePlan: async () => [],
		recover: recoverByRules,
		dispatch: async () => verified,
		survey: async () => ({overview: '', instructions: undefined}),
		...parts,
	};
}

export type TestRun = {
	readonly run: OwnedRun;
	readonly store: Store;
	readonly events: readonly RunEvent[];
};

export type TestRunOptions = {
	readonly plan?: Plan | undefined;
	readonly dispatch?: Dispatcher | undefined;
	readonly parts?: Partial<RunParts> | undefined;
	readonly settings?: Partial<RunSettings> | undefined;
	readonly store?: Store | undefined;
	readonly teammates?: number | undefined;
	readonly redact?: ((text: string) => string) | undefined;
};

/** Starts a run on a memory store (or the given one) with parts that do nothing. */
export async function startTestRun(options: TestRunOptions): Promise<TestRun> {
	const store = options.store ?? createMemoryStore({redact: text => text});
	const events: RunEvent[] = [];
	const names = Array.from({length: options.teammates ?? 3}, (_, index) => `teammate-${index + 1}`);
	const run = await startRun(
		{
			run: 'test-run',
			task: 'do it',
			directory: '/nowhere',
			team: {
				name: 'team',
				lead: {name: 'lead', provider: 'demo', model: 'm'},
				teammates: names.map(name => ({name, provider: 'demo', model: 'm'})),
			},
			settings: {
				...defaultRunSettings,
				approve: 'all',
				maxParallel: names.length,
				...options.settings,
			},
		},
		runOptions(store, options, events),
	);
	return {run, store, events};
}

/** Resumes the run that `startTestRun` made. */
export async function resumeTestRun(store: Store, options: TestRunOptions): Promise<TestRun> {
	const events: RunEvent[] = [];
	const run = await resumeRun('test-run', options.settings ?? {}, {
		...runOptions(store, options, events),
		takeOver: false,
	});
	return {run, store, events};
}

/** A plan from its short form; throws when it has problems. */
export function planOf(value: unknown): Plan {
	const parsed = parsePlan(value);
	if (!parsed.ok) {
		throw new Error(JSON.stringify(parsed.problems));
	}

	return parsed.plan;
}

/** A subtask in short form. */
export function subtask(id: string, fields: Record<string, unknown> = {}): Record<string, unknown> {
	return {id, title: id, instructions: `do ${id}`, ...fields};
}

function runOptions(store: Store, options: TestRunOptions, events: RunEvent[]) {
	const {dispatch, plan} = options;
	return {
		store,
		clock: quickClock,
		redact: options.redact ?? ((text: string) => text),
		program: 'test',
		build: async () =>
			createTestParts({
				...(plan ? {givenPlan: plan} : {}),
				...(dispatch ? {dispatch} : {}),
				...options.parts,
			}),
		listener(event: RunEvent) {
			events.push(event);
		},
	};
}
