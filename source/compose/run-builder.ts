import type {Clock} from '../core/clock.ts';
import type {Plan} from '../core/plan.ts';
import type {Redact} from '../core/redact.ts';
import type {RunState} from '../core/run-state.ts';
import {planWithModel} from '../agents/lead.ts';
import {workOnSubtask} from '../agents/teammate.ts';
import {judgePlan} from '../approval/criteria.ts';
import {createLocalDispatcher} from '../engine/attempt/run-attempt.ts';
import type {AttemptSpec} from '../engine/attempt/attempt-context.ts';
import {createModelMemory} from '../engine/model/model-memory.ts';
import type {RunParts} from '../engine/run-parts.ts';
import type {JudgePermission} from '../engine/attempt/tool-runner.ts';
import type {Environment} from '../core/environment.ts';
import {recoverByRules} from '../recovery/recover-by-rules.ts';
import {createPathGuard} from '../sandbox/create-path-guard.ts';
import {permissionFor} from '../sandbox/command-permission.ts';
import type {Sandbox} from '../sandbox/sandbox.ts';
import {createUnconfinedSandbox} from '../sandbox/unconfined.ts';
import type {RunLog} from '../store/store.ts';
import type {AnyTool} from '../tools/catalog.ts';
import {createToolbox} from '../tools/create-toolbox.ts';
import {createWorkspace} from '../workspace/create-workspace.ts';
import {createCanRun} from './can-run.ts';
import {createConnect, type ConnectOptions} from './connect.ts';
import {estimateTeamPrice} from './team-price.ts';
import {readProjectOverview} from './project-overview.ts';

export type RunBuilderOptions = {
	readonly environment: Environment;
	readonly clock: Clock;
	readonly redact: Redact;
	readonly pace: ConnectOptions['pace'];
	readonly prices?: ConnectOptions['prices'];
	readonly replaceProvider?: ConnectOptions['replaceProvider'];
	/** Runs all commands. Default: unconfined. */
	readonly sandbox?: Sandbox | undefined;
	/** The tools of the agents. Default: the built-in ones. */
	readonly tools?: readonly AnyTool[] | undefined;
	/** The directory of a run's working files. */
	readonly workDirectory: (run: string) => string;
	/** A plan provided by the person, in place of the lead's first one. */
	readonly givenPlan?: Plan | undefined;
};

/** Creates the real components of a run from its log and state. */
export function createRunBuilder(
	options: RunBuilderOptions,
): (log: RunLog, state: RunState) => Promise<RunParts> {
	const {environment, clock, redact, pace, prices, replaceProvider, givenPlan} = options;
	return async (log, {directory, team}) => {
		const sandbox = options.sandbox ?? createUnconfinedSandbox({environment, owner: log.run});
		const connect = createConnect({environment, clock, pace, prices, replaceProvider});
		const workspace = createWorkspace({
			directory,
			workDirectory: options.workDirectory(log.run),
			run: log.run,
			environment,
		});
		const canRun = createCanRun(directory, environment['PATH']);
		const random = Math.random;
		const models = createModelMemory();
		return {
			clock,
			random,
			redact,
			workspace,
			sandbox,
			connect,
			models,
			guardPaths: root => createPathGuard(root),
			lead: planWithModel,
			recover: recoverByRules,
			judgePlan: async (plan, facts) =>
				judgePlan(plan, {
					...facts,
					canRun,
					priceOfTokens: await estimateTeamPrice(team, prices, environment),
				}),
			survey: async () => readProjectOverview(createPathGuard(directory)),
			dispatch: createLocalDispatcher({
				workspace,
				sandbox,
				connect,
				models,
				redact,
				clock,
				random,
				toolbox: createToolbox(options.tools),
				guardPaths: root => createPathGuard(root),
				judgePermission: spec => judgePermission(spec, sandbox),
				teammate: workOnSubtask,
			}),
			...(givenPlan ? {givenPlan} : {}),
		};
	};
}

function judgePermission(spec: AttemptSpec, sandbox: Sandbox): JudgePermission {
	const approvedCommands = spec.approved.map(({command}) => command);
	return ({effect, command, directory}) =>
		permissionFor({
			mode: spec.settings.permission,
			effect,
			confinement: sandbox.confinement,
			approvedCommands,
			// The workspace is in our home, which is closed, but is itself accessible.
			command: command?.replaceAll(directory, '.'),
		});
}
