import type {ApprovalSubject, Decision} from '../../core/approval.ts';
import type {Change} from '../../core/change.ts';
import type {Failure} from '../../core/failure.ts';
import type {Json} from '../../core/json.ts';
import type {Check, Subtask} from '../../core/plan.ts';
import type {RunEvent} from '../../core/run-event.ts';
import type {Reserved} from '../../core/run-state-entries.ts';
import type {AgentDelta} from '../../core/run.ts';
import type {AgentProfile, RunSettings} from '../../core/settings.ts';
import type {ReceivedMessage, TeammateBrief} from '../../agents/agent.ts';
import type {ReservationRequest} from '../model/budget.ts';
import type {CallRoute} from '../model/endpoints.ts';
import type {SessionEventBody} from './session-event.ts';

/** Everything about one attempt that is known before it starts. Plain data. */
export type AttemptSpec = {
	readonly subtask: Subtask;
	/** From 1. */
	readonly attempt: number;
	readonly profile: AgentProfile;
	/** Commit that the workspace starts from. */
	readonly base: string;
	readonly brief: TeammateBrief;
	readonly settings: RunSettings;
	/** Commands that need no permission: the approved checks. */
	readonly approved: readonly Check[];
};

export type AttemptResult =
	| {
			readonly kind: 'verified';
			readonly change: Change | null;
			readonly summary: string;
			readonly outputs: Readonly<Record<string, Json>>;
	  }
	| {
			readonly kind: 'failed';
			readonly failure: Failure;
			/** The diff and the end of the checks, for the next attempt and for dependants. */
			readonly evidence?: string | undefined;
	  };

/** Leave to make one model call. */
export type Admission = {
	readonly id: string;
	/** What the call may generate: less than asked for where the budget is nearly spent. */
	readonly maxOutputTokens: number;
	/** Held back from the budget until the call ends. */
	readonly held: Reserved;
};

export type CallEnd =
	| {readonly kind: 'answered'}
	| {readonly kind: 'failed'; readonly failure: Failure}
	/** It says nothing about the endpoint: it was aborted, or never made. */
	| {readonly kind: 'abandoned'};

/** How a turn begins. */
export type TurnStart = {
	/** From 1. */
	readonly turn: number;
	/** Ids of the messages that an earlier process delivered before this turn. Default: none did. */
	readonly delivered?: readonly string[] | undefined;
	/** The turn before was interrupted: wait for a message from the person. */
	readonly afterInterruption?: boolean | undefined;
};

/**
 * What one session (an attempt, or the lead) can ask of its run. Every call could be a message to
 * another process: arguments and results are plain data, and what returns nothing needs no answer.
 * Locally it writes to the log. Calls that wait reject with the reason of their signal.
 */
export type AttemptContext = {
	/** Appends an event; the names of agent, subtask and attempt are added to it. */
	emit(body: SessionEventBody): void;
	/** Keeps a redacted text under its SHA-256; durable with the next barrier. */
	putBlob(text: string): void;
	/** Resolves when all that was emitted and put so far is durable. */
	barrier(): Promise<void>;
	readBlob(hash: string): Promise<string | undefined>;
	/** What earlier processes logged of the subtask (of the lead, without one), in order. */
	history(): Promise<readonly RunEvent[]>;
	/** Asks for a decision and waits for it. */
	ask(subject: ApprovalSubject, signal: AbortSignal): Promise<Decision>;
	/**
	 * Waits until a call may be made: the run is not paused, its endpoint has room, and the budget holds
	 * what it may take. The log tells what it waits for. Throws `rate-limit` when the endpoint would take
	 * longer than `patienceMs`, `limit-reached` when the budget is spent.
	 */
	admitCall(
		call: {
			readonly route: CallRoute;
			readonly reservation: ReservationRequest;
			readonly patienceMs: number;
		},
		signal: AbortSignal,
	): Promise<Admission>;
	/** Ends an admitted call: gives back its place and its reservation. */
	endCall(admission: string, end: CallEnd): void;
	/** Whether the endpoint may be asked again after a failure. */
	mayRetry(route: CallRoute): Promise<boolean>;
	/** The plan and how far the run is, for an agent whose conversation is shortened. */
	teamState(): Promise<string>;
	/** Begins a turn and returns the messages to deliver before it. The lead has its own in its brief. */
	beginTurn(start: TurnStart, signal: AbortSignal): Promise<readonly ReceivedMessage[]>;
	/** Calls the listener with the turn that the person interrupted. */
	onInterrupt(listener: (turn: number) => void): void;
	/** Sends to an agent or to whoever works on a subtask; returns the id, rejects for unknown names. */
	sendMessage(to: string, text: string): Promise<string>;
	/** Live text for viewers; never logged. */
	stream(delta: AgentDelta): void;
	/** Aborted when the attempt has to end. */
	readonly signal: AbortSignal;
};

/** Executes attempts: in this process, or by a queue somewhere else. */
export type Dispatcher = (spec: AttemptSpec, context: AttemptContext) => Promise<AttemptResult>;
