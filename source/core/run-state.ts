import type {ApprovalSubject, Decision, Verdict} from './approval.ts';
import type {Change} from './change.ts';
import type {Failure} from './failure.ts';
import type {Json} from './json.ts';
import type {Plan} from './plan.ts';
import type {DeliveryPath, EventOf, Payload, WaitReason} from './run-event.ts';
import type {RunReport, TokenCount} from './run-report.ts';
import type {RunSettings, Team} from './settings.ts';

export const runStatuses = [
	'planning',
	'awaiting-approval',
	'running',
	'paused',
	'stopped',
	'completed',
	'failed',
	'rejected',
	'cancelled',
] as const;

export type RunStatus = (typeof runStatuses)[number];

export const subtaskStatuses = [
	'pending',
	'ready',
	'running',
	'awaiting-approval',
	'verifying',
	'merging',
	'completed',
	'failed',
	'skipped',
	'cancelled',
] as const;

export type SubtaskStatus = (typeof subtaskStatuses)[number];

export type CheckState = {
	readonly name: string;
	readonly command: string;
	/** `undefined` while it runs. */
	readonly passed: boolean | undefined;
	readonly exitCode: number | null;
	readonly durationMs: number;
	readonly output: Payload;
};

export type SubtaskState = {
	readonly id: string;
	readonly status: SubtaskStatus;
	/** Number of the last attempt; 0 before the first. */
	readonly attempt: number;
	/** Attempts that count as failed. */
	readonly failedAttempts: number;
	readonly agent: string | undefined;
	readonly summary: string | undefined;
	readonly outputs: Readonly<Record<string, Json>>;
	/** Checks of the last attempt. */
	readonly checks: readonly CheckState[];
	readonly failure: Failure | undefined;
	readonly evidence: Payload | undefined;
	/** Why it was skipped or cancelled. */
	readonly reason: string | undefined;
	/** The verified change of the last attempt, until it is merged. */
	readonly finished:
		| {readonly attempt: number; readonly change: Change | null; readonly merged: boolean}
		| undefined;
	/** Commit that the last attempt started from. */
	readonly base: string | undefined;
	/** What the last attempt was told about its dependencies, if that was logged. */
	readonly dependencies: Payload | undefined;
	/** Whether the next attempt repeats the interrupted one from the same base. */
	readonly startsOver: boolean;
	/** A started merge: from which head to which. */
	readonly merge: {readonly from: string; readonly to: string} | undefined;
	/** ISO time of its first attempt's start. */
	readonly startedAt: string | undefined;
	/** ISO time at which it became final. */
	readonly endedAt: string | undefined;
	/** The run's active time when the first attempt started, ms. */
	readonly startedActiveMs: number | undefined;
	/** The run's active time when it became final, ms. */
	readonly endedActiveMs: number | undefined;
	/** Usage of all its attempts. */
	readonly usage: TokenCount;
};

/** `verifying`: its subtask's checks are running; `detail` is the current command. */
export const agentActivities = ['idle', 'thinking', 'calling', 'verifying', 'waiting'] as const;

export type AgentActivity = (typeof agentActivities)[number];

export const planOrigins = ['lead', 'file', 'fallback', 'person'] as const;

export type AgentState = {
	readonly name: string;
	readonly provider: string;
	readonly model: string;
	readonly activity: AgentActivity;
	/** What it does or waits for, in the events' words. */
	readonly detail: string | undefined;
	readonly waitsFor: WaitReason | undefined;
	readonly until: string | undefined;
	/** ISO time at which its current activity started; `undefined` before the first. */
	readonly since: string | undefined;
	readonly subtask: string | undefined;
	readonly attempt: number | undefined;
	readonly turns: number;
	readonly usage: TokenCount;
};

export type ApprovalState = {
	readonly id: string;
	readonly subject: ApprovalSubject;
	readonly until: string | undefined;
	/** `undefined` while it is open. */
	readonly decision: Decision | undefined;
	/** Whether the requesting turn was interrupted, so that no decision is needed. */
	readonly withdrawn: boolean;
};

export type MessageState = {
	readonly id: string;
	readonly from: string;
	readonly to: string;
	readonly text: Payload;
	readonly delivered: boolean;
};

export type PlanState = {
	readonly revision: number;
	readonly hash: string;
	readonly plan: Plan;
	readonly origin: (typeof planOrigins)[number];
	readonly verdicts: readonly Verdict[];
	readonly approved: boolean;
};

/**
 * The state of a run: a fold of its events (`applyEvent`). The fold owns the maps and changes them
 * in place; entries are immutable and get replaced, so a view can compare them by identity.
 */
export type RunState = {
	run: string;
	seq: number;
	epoch: number;
	status: RunStatus;
	startedAt: string;
	changedAt: string;
	task: Payload;
	directory: string;
	team: Team | undefined;
	settings: RunSettings | undefined;
	/** The settings of the first invocation: prompts must not change on resume. */
	startedWith: RunSettings | undefined;
	workspace:
		| {
				readonly kind: 'git' | 'plain';
				readonly base: string;
				readonly files: number;
				readonly overview: Payload;
				readonly instructions: Payload | undefined;
		  }
		| undefined;
	/** Integration head after the last merge. */
	head: string | undefined;
	/** The latest revision, approved or not. */
	plan: PlanState | undefined;
	/** The revision that the lead is working on. */
	planning: number | undefined;
	/**
	 * A requested revision: no new subtask starts, and once the running ones have ended, the lead
	 * makes it. A plan that awaits a decision no longer does.
	 */
	revisionWanted: {readonly by: 'person'; readonly reason: string} | undefined;
	/** The person interrupted the lead, which waits for a message before it continues planning. */
	leadInterrupted: boolean;
	/** Why earlier revisions were rejected, and the person's messages to the lead, in order. */
	readonly feedback: Payload[];
	readonly subtasks: Map<string, SubtaskState>;
	readonly agents: Map<string, AgentState>;
	readonly approvals: Map<string, ApprovalState>;
	readonly messages: Map<string, MessageState>;
	/** Checks on the merged result. */
	readonly finalChecks: Map<string, CheckState>;
	readonly usage: {
		total: TokenCount;
		readonly models: Map<string, TokenCount>;
		/** Tokens of calls that were open when a process ended: counted as spent. */
		lost: number;
		/** US dollars of these calls. */
		lostUsd: number;
	};
	/** Reservations of the model calls in flight, by call. */
	readonly openCalls: Map<string, Reserved>;
	readonly denied: {
		agent?: string | undefined;
		subtask?: string | undefined;
		what: string;
		by: string;
	}[];
	delivery:
		| {
				readonly mode: 'apply' | 'branch' | 'patch';
				readonly head: string;
				readonly paths: readonly DeliveryPath[];
				readonly reason: string | undefined;
				readonly done: boolean;
				readonly files: readonly string[];
				readonly target: string | undefined;
				/** Whether all of it was undone. */
				readonly undone: boolean;
				/** Files that undo left alone because they were changed after the delivery. */
				readonly kept: readonly string[];
		  }
		| undefined;
	/** How often agents switched models because theirs failed permanently, by agent and models. */
	readonly switches: Map<string, ModelSwitch>;
	cancelRequested: boolean;
	readonly inboxSeen: Set<string>;
	/** Time that processes worked on the run, over all invocations, ms. */
	activeMs: number;
	/** The report of the last invocation; `undefined` while one runs. */
	report: RunReport | undefined;
};

/** An agent's switch to the next of its models. */
export type ModelSwitch = Pick<EventOf<'model-switched'>, 'agent' | 'from' | 'to'> & {
	/** The reason of the latest switch. */
	readonly kind: Failure['kind'];
	readonly times: number;
};

/** Tokens and US dollars. */
export type Reserved = {readonly tokens: number; readonly usd: number};

export const noTokens: TokenCount = {
	calls: 0,
	input: 0,
	output: 0,
	total: 0,
	usd: 0,
	unpriced: 0,
};

/** The state before the first event. */
export function emptyRunState(): RunState {
	return {
		run: '',
		seq: 0,
		epoch: 0,
		status: 'planning',
		startedAt: '',
		changedAt: '',
		task: '',
		directory: '',
		team: undefined,
		settings: undefined,
		startedWith: undefined,
		workspace: undefined,
		head: undefined,
		plan: undefined,
		planning: undefined,
		revisionWanted: undefined,
		leadInterrupted: false,
		feedback: [],
		subtasks: new Map(),
		agents: new Map(),
		approvals: new Map(),
		messages: new Map(),
		finalChecks: new Map(),
		usage: {total: noTokens, models: new Map(), lost: 0, lostUsd: 0},
		openCalls: new Map(),
		denied: [],
		delivery: undefined,
		switches: new Map(),
		cancelRequested: false,
		inboxSeen: new Set(),
		activeMs: 0,
		report: undefined,
	};
}

/** A subtask before its first event. */
export function pendingSubtask(id: string): SubtaskState {
	return {
		id,
		status: 'pending',
		attempt: 0,
		failedAttempts: 0,
		agent: undefined,
		summary: undefined,
		outputs: {},
		checks: [],
		failure: undefined,
		evidence: undefined,
		reason: undefined,
		finished: undefined,
		base: undefined,
		dependencies: undefined,
		startsOver: false,
		merge: undefined,
		startedAt: undefined,
		endedAt: undefined,
		startedActiveMs: undefined,
		endedActiveMs: undefined,
		usage: noTokens,
	};
}

/** The delivery, if it was applied to the directory and can be undone. */
export function undoableDelivery({delivery}: RunState): RunState['delivery'] {
	return delivery?.done === true && delivery.mode === 'apply' && !delivery.undone
		? delivery
		: undefined;
}

/** The names of the lead and the teammates; empty before the run starts. */
export function agentNames({team}: RunState): readonly string[] {
	return team ? [team.lead.name, ...team.teammates.map(({name}) => name)] : [];
}

/** Tokens that count against the budget: those of finished and of lost calls. */
export function spentTokens({usage}: RunState): number {
	return usage.total.total + usage.lost;
}

/** US dollars that count against the budget, as far as prices are known. */
export function spentUsd({usage}: RunState): number {
	return usage.total.usd + usage.lostUsd;
}

/** Whether a subtask has ended, unless it is reopened. */
export function isFinal(
	status: SubtaskStatus,
): status is 'completed' | 'failed' | 'skipped' | 'cancelled' {
	return (
		status === 'completed' || status === 'failed' || status === 'skipped' || status === 'cancelled'
	);
}
