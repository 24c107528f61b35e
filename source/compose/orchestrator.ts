import type {Clock} from '../core/clock.ts';
import type {Plan} from '../core/plan.ts';
import type {Redact} from '../core/redact.ts';
import type {OwnedRun, RunListener} from '../core/run.ts';
import type {RunSettings, Team} from '../core/settings.ts';
import type {NewRun} from '../engine/run-parts.ts';
import {resumeRun, startRun} from '../engine/run.ts';
import type {Environment} from '../core/environment.ts';
import type {CustomPrices} from '../providers/prices.ts';
import type {Pace} from '../demo/scripted-provider.ts';
import type {Store} from '../store/store.ts';
import type {Sandbox} from '../sandbox/sandbox.ts';
import {createTools, type AnyTool} from '../tools/catalog.ts';
import {inspectDirectory} from '../workspace/source-directory.ts';
import {systemClock} from './clock.ts';
import type {ReplaceProvider} from './connect.ts';
import {createRunBuilder} from './run-builder.ts';

export type OrchestratorOptions = {
	readonly store: Store;
	/** Removes secrets from all input. See `createRedactor`. */
	readonly redact: Redact;
	/** Source of the providers' keys and addresses, usually `process.env`. */
	readonly environment: Environment;
	/** Name and version of the program, for the log. */
	readonly program: string;
	/** The directory of a run's working files: its repository and worktrees. Created on first use. */
	readonly workDirectory: (run: string) => string;
	/** Speed of the demo's scripted model. Default: slow enough for a person to follow. */
	readonly pace?: Pace | undefined;
	/** The person's own model prices. Default: none. */
	readonly prices?: CustomPrices | undefined;
	/** A provider of your own for a target of the team; `undefined` for the built-in one. Default: none. */
	readonly provider?: ReplaceProvider | undefined;
	/** Runs the commands of agents and the checks. Default: as the person would, unconfined. */
	readonly sandbox?: Sandbox | undefined;
	/** Chooses what agents can call. Default: the built-in tools. `finish` has to stay. */
	readonly tools?: ((builtIn: readonly AnyTool[]) => readonly AnyTool[]) | undefined;
	/** Default: the clock of this machine. */
	readonly clock?: Clock | undefined;
};

/** Starts and resumes runs with the real components, in this process. */
export type Orchestrator = {
	/** @param givenPlan used in place of the lead's first revision */
	start(
		run: NewRun,
		options?: {readonly givenPlan?: Plan | undefined; readonly listener?: RunListener | undefined},
	): Promise<OwnedRun>;
	resume(
		run: string,
		options?: {
			readonly settings?: Partial<RunSettings> | undefined;
			/** Replace a process on another machine that is known to be gone. Default false. */
			readonly takeOver?: boolean | undefined;
			/** The run's current team; its models apply from now on. */
			readonly team?: ((before: Team) => Promise<Team | undefined>) | undefined;
			readonly listener?: RunListener | undefined;
		},
	): Promise<OwnedRun>;
};

export function createOrchestrator(options: OrchestratorOptions): Orchestrator {
	const {clock = systemClock, environment, pace = 'person', program, redact, store} = options;
	const shared = {store, redact, program, clock};
	const builder = {
		environment,
		redact,
		pace,
		clock,
		prices: options.prices,
		workDirectory: options.workDirectory,
		replaceProvider: options.provider,
		sandbox: options.sandbox,
		tools: options.tools?.(createTools()),
	};
	return {
		async start(run, {givenPlan, listener} = {}) {
			// Refuse an unusable directory before there is a run.
			await inspectDirectory(run.directory, {environment});
			return startRun(run, {
				...shared,
				listener,
				build: createRunBuilder({...builder, givenPlan}),
			});
		},
		async resume(run, {settings = {}, takeOver = false, team, listener} = {}) {
			return resumeRun(run, settings, {
				...shared,
				takeOver,
				team,
				listener,
				build: createRunBuilder(builder),
			});
		},
	};
}
