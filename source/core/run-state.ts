import type {z} from 'zod';
import type {Payload} from './payload.ts';
import type {RunReport, TokenCount} from './run-report.ts';
import type {
	AgentState,
	ApprovalState,
	CheckState,
	deliveryStateSchema,
	deniedSchema,
	MessageState,
	ModelSwitch,
	PlanState,
	Reserved,
	RunStatus,
	SubtaskState,
	SubtaskStatus,
	workspaceStateSchema,
} from './run-state-entries.ts';
import type {RunSettings, Team} from './settings.ts';

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
	workspace: z.infer<typeof workspaceStateSchema> | undefined;
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
	readonly denied: z.infer<typeof deniedSchema>[];
	delivery: z.infer<typeof deliveryStateSchema> | undefined;
	/** How often agents switched models because theirs failed permanently, by agent and models. */
	readonly switches: Map<string, ModelSwitch>;
	cancelRequested: boolean;
	readonly inboxSeen: Set<string>;
	/** Time that processes worked on the run, over all invocations, ms. */
	activeMs: number;
	/** The report of the last invocation; `undefined` while one runs. */
	report: RunReport | undefined;
	/** When the last invocation ended, as long as none follows. */
	endedAt: string | undefined;
};

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
		endedAt: undefined,
	};
}

/** A subtask before its first event. */
export function pendingSubtask(id: string): SubtaskState {
	return {
		id,
		status: 'pending',
		attempt: 0,
		failedAttempts: 0,
		outputs: {},
		checks: [],
		startsOver: false,
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

/** What a run cost so far. Rounded to millionths, because floating-point sums are inexact. */
export function runCost(state: RunState): RunReport['cost'] {
	const {calls, unpriced} = state.usage.total;
	const usd = Math.round(spentUsd(state) * 1e6) / 1e6;
	return {usd: calls > 0 && unpriced === calls ? null : usd, unpricedCalls: unpriced};
}

/** Whether a subtask has ended, unless it is reopened. */
export function isFinal(
	status: SubtaskStatus,
): status is 'completed' | 'failed' | 'skipped' | 'cancelled' {
	return (
		status === 'completed' || status === 'failed' || status === 'skipped' || status === 'cancelled'
	);
}
