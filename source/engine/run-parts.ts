import type {Verdict} from '../core/approval.ts';
import type {Clock, Random} from '../core/clock.ts';
import type {Plan} from '../core/plan.ts';
import type {Redact} from '../core/redact.ts';
import type {RunSettings, Team} from '../core/settings.ts';
import type {Lead} from '../agents/agent.ts';
import type {Recover} from '../recovery/recovery.ts';
import type {PathGuard} from '../sandbox/path-guard.ts';
import type {Sandbox} from '../sandbox/sandbox.ts';
import type {Workspace} from '../workspace/workspace.ts';
import type {Dispatcher} from './attempt/attempt-context.ts';
import type {Connect} from './model/connection.ts';
import type {ModelMemory} from './model/model-memory.ts';

/** Facts about the directory for lead and teammates, read once at the start. */
export type Survey = {
	/** List of paths, truncated. */
	readonly overview: string;
	/** `AGENTS.md` of the directory. */
	readonly instructions: string | undefined;
};

/** Judges a plan by the criteria; looks up further facts (such as existing commands) itself. */
export type JudgePlan = (
	plan: Plan,
	facts: {
		readonly settings: RunSettings;
		readonly directory: string;
		readonly tokensSpent: number;
		readonly usdSpent: number;
	},
) => Promise<readonly Verdict[]>;

/** The parts of a run besides its log; each can be replaced by a literal. */
export type RunParts = {
	readonly clock: Clock;
	readonly random: Random;
	readonly redact: Redact;
	readonly workspace: Workspace;
	readonly sandbox: Sandbox;
	readonly connect: Connect;
	/** Shared by the lead and the local attempts. */
	readonly models: ModelMemory;
	readonly lead: Lead;
	readonly judgePlan: JudgePlan;
	readonly recover: Recover;
	readonly dispatch: Dispatcher;
	readonly survey: () => Promise<Survey>;
	/** A plan provided by the person (`--plan`), in place of the lead's first one. */
	readonly givenPlan?: Plan | undefined;
	readonly guardPaths: (root: string) => PathGuard;
};

/** What a new run is started with. */
export type NewRun = {
	readonly run: string;
	readonly task: string;
	readonly directory: string;
	readonly team: Team;
	readonly settings: RunSettings;
};
