import {isDeepStrictEqual} from 'node:util';
import type {Clock} from '../core/clock.ts';
import {payloadOf} from '../core/payload.ts';
import type {Redact} from '../core/redact.ts';
import type {RunEvent} from '../core/run-event.ts';
import type {RunState} from '../core/run-state.ts';
import type {OwnedRun, RunListener} from '../core/run.ts';
import type {RunSettings, Team} from '../core/settings.ts';
import type {RunLog, Store} from '../store/store.ts';
import {launch} from './owned-run.ts';
import type {NewRun, RunParts} from './run-parts.ts';
import {createHistory} from './log/history.ts';
import {createRecorder, type Recorder} from './log/recorder.ts';

export type RunOptions = {
	readonly store: Store;
	readonly clock: Clock;
	readonly redact: Redact;
	/** Name and version, for the log. */
	readonly program: string;
	/** Creates the parts of the run, after its log (and working directory) exist. */
	readonly build: (log: RunLog, state: RunState) => Promise<RunParts>;
	/** Called for every event of this invocation, including the first. */
	readonly listener?: RunListener | undefined;
};

/** Starts a new run, which continues until `done` resolves. Rejects with the store's errors. */
export async function startRun(newRun: NewRun, options: RunOptions): Promise<OwnedRun> {
	const {clock, redact, store} = options;
	const text = redact(newRun.task);
	const task = payloadOf(text);
	const first: RunEvent = {
		v: 1,
		seq: 1,
		time: new Date(clock.now()).toISOString(),
		run: newRun.run,
		epoch: 1,
		type: 'run-started',
		task,
		directory: newRun.directory,
		team: newRun.team,
		settings: newRun.settings,
		program: options.program,
	};
	const log = await store.create(first, typeof task === 'string' ? [] : [text]);
	const recorder = await createRecorder({log, clock, redact, events: [first]});
	listen(recorder, options);
	options.listener?.(first, recorder.state);
	return launch({
		store,
		recorder,
		history: createHistory([]),
		build: async () => options.build(log, recorder.state),
		resumed: false,
		reopen: false,
	});
}

/**
 * Resumes a run that stopped or failed, or whose process died; reopens what failed. Rejects with the
 * store's errors, and if the log contains no run.
 */
export async function resumeRun(
	run: string,
	overrides: Partial<RunSettings>,
	options: RunOptions & {
		readonly takeOver: boolean;
		/** Returns the current configuration of the team. Default: keep it. */
		readonly team?: ((before: Team) => Promise<Team | undefined>) | undefined;
	},
): Promise<OwnedRun> {
	const {clock, redact, store} = options;
	const {log, events} = await store.open(run, {takeOver: options.takeOver});
	const recorder = await createRecorder({log, clock, redact, events});
	const {state} = recorder;
	listen(recorder, options);
	const failed = state.status === 'failed';
	const settings = {...recorder.settings(), ...overrides};
	const team = state.team && (await changedTeam(state.team, options.team));
	recorder.emit({
		type: 'run-resumed',
		settings,
		program: options.program,
		...(team ? {team} : {}),
	});
	return launch({
		store,
		recorder,
		history: createHistory(events),
		build: async () => options.build(log, state),
		resumed: true,
		reopen: failed,
	});
}

/** The team with changed models, if it has the same agents: their names are in the log. */
async function changedTeam(
	before: Team,
	read: ((before: Team) => Promise<Team | undefined>) | undefined,
): Promise<Team | undefined> {
	const now = await read?.(before);
	const names = ({lead, teammates}: Team) => [lead, ...teammates].map(({name}) => name).join(' ');
	const isChanged = now && names(now) === names(before) && !isDeepStrictEqual(now, before);
	return isChanged ? now : undefined;
}

function listen(recorder: Recorder, {listener}: RunOptions): void {
	if (listener) {
		recorder.subscribe(listener);
	}
}
