import type {ApprovalSubject, Decision, Verdict} from './approval.ts';
import type {Change} from './change.ts';
import type {Failure} from './failure.ts';
import type {Json} from './json.ts';
import type {Plan} from './plan.ts';
import type {DeliveryPath, EventOf, Payload, WaitReason} from './run-event.ts';
import type {RunReport, TokenCount} from './run-report.ts';
import type {RunSettings, Team} from './settings.ts';

export type RunStatus =
	| 'planning'
	| 'awaiting-approval'
	| 'running'
	| 'paused'
	| 'stopped'
	| 'completed'
	| 'failed'
	| 'rejected'
	| 'cancelled';

export type SubtaskStatus =
	| 'pending'
	| 'ready'
	| 'running'
	| 'awaiting-approval'
	| 'verifying'
	| 'merging'
	| 'completed'
	| 'failed'
	| 'skipped'
	| 'cancelled';

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
	/** The verified change of the last attempt, before it is merged. */
	readonly finished:
		| {readonly attempt: number; readonly change: Change | null; readonly merged: boolean}
		| undefined;
	/** Commit that the last attempt started from. */
	readonly base: string | undefined;
	/** What the last attempt was told of its dependencies, where that was logged. */
	readonly dependencies: Payload | undefined;
	/** Whether the next attempt starts the interrupted one over, from the same base. */
	readonly startsOver: boolean;
	/** A merge that was begun: from which head to which. */
	readonly merge: {readonly from: string; readonly to: string} | undefined;
	/** ISO time at which its first attempt began. */
	readonly startedAt: string | undefined;
	/** ISO time at which it became final. */
	readonly endedAt: string | undefined;
	/** Active time of the run when its first attempt began, ms. */
	readonly startedActiveMs: number | undefined;
	/** Active time of the run when it became final, ms. */
	readonly endedActiveMs: number | undefined;
	/** What all of its attempts have used. */
	readonly usage: TokenCount;
};

/** `verifying`: the checks of its subtask run; `detail` is the command of the one under way. */
export type AgentActivity = 'idle' | 'thinking' | 'calling' | 'verifying' | 'waiting';

export type AgentState = {
	readonly name: string;
	readonly provider: string;
	readonly model: string;
	readonly activity: AgentActivity;
	/** What it does or waits for, in words of the events. */
	readonly detail: string | undefined;
	readonly waitsFor: WaitReason | undefined;
	readonly until: string | undefined;
	/** ISO time at which it began what it does now; `undefined` before it did anything. */
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
	/** Whether the turn that asked was interrupted: nobody waits for it any more. */
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
	readonly origin: 'lead' | 'file' | 'fallback' | 'person';
	readonly verdicts: readonly Verdict[];
	readonly approved: boolean;
};

/**
 * Where a run stands: a fold of its events (`applyEvent`). The fold owns the maps and changes them in
 * place; the entries are values that are replaced, so a view may compare them by identity.
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
	/** The settings of the first invocation: what prompts say must not change by resuming. */
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
	/** The revision that the lead is at work on. */
	planning: number | undefined;
	/**
	 * Another revision is wanted: no subtask starts any more, and when those that run have ended the lead
	 * makes it. A plan that waits for a decision waits no more.
	 */
	revisionWanted: {readonly by: 'person'; readonly reason: string} | undefined;
	/** The person interrupted the lead, which waits for a message before it goes on planning. */
	leadInterrupted: boolean;
	/** Why earlier revisions were sent back and what the person told the lead, in order. */
	readonly feedback: Payload[];
	readonly subtasks: Map<string, SubtaskState>;
	readonly agents: Map<string, AgentState>;
	readonly approvals: Map<string, ApprovalState>;
	readonly messages: Map<string, MessageState>;
	/** Checks of the whole. */
	readonly finalChecks: Map<string, CheckState>;
	readonly usage: {
		total: TokenCount;
		readonly models: Map<string, TokenCount>;
		/** Tokens of calls that were open when a process ended: counted as spent. */
		lost: number;
		/** The same in US dollars. */
		lostUsd: number;
	};
	/** What is held back for the model calls that are under way, by call. */
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
				/** Whether all of it was taken back. */
				readonly undone: boolean;
				/** Files that an undo left as they are, as they were changed after the delivery. */
				readonly kept: readonly string[];
		  }
		| undefined;
	/** How often agents went on with another model, as theirs failed for good; each way once. */
	readonly switches: Map<string, ModelSwitch>;
	cancelRequested: boolean;
	readonly inboxSeen: Set<string>;
	/** Time in which a process worked on the run, over all invocations, ms. */
	activeMs: number;
	/** The closing line of the last invocation; `undefined` while one runs. */
	report: RunReport | undefined;
};

/** An agent that went on with the next model of its list. */
export type ModelSwitch = Pick<EventOf<'model-switched'>, 'agent' | 'from' | 'to'> & {
	/** Why, the last time. */
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

/** A subtask before anything happened to it. */
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

/** The delivered change, where it stands in the directory and could be taken back. */
export function undoable({delivery}: RunState): RunState['delivery'] {
	return delivery?.done === true && delivery.mode === 'apply' && !delivery.undone
		? delivery
		: undefined;
}

/** The names of the lead and the teammates; none before the run has begun. */
export function agentNames({team}: RunState): readonly string[] {
	return team ? [team.lead.name, ...team.teammates.map(({name}) => name)] : [];
}

/** Tokens that count against the budget: those of ended calls, and those that were lost. */
export function spentTokens({usage}: RunState): number {
	return usage.total.total + usage.lost;
}

/** US dollars that count against the budget, as far as prices are known. */
export function spentUsd({usage}: RunState): number {
	return usage.total.usd + usage.lostUsd;
}

/** Whether nothing more will happen to a subtask unless it is reopened. */
export function isFinal(
	status: SubtaskStatus,
): status is 'completed' | 'failed' | 'skipped' | 'cancelled' {
	return (
		status === 'completed' || status === 'failed' || status === 'skipped' || status === 'cancelled'
	);
}
