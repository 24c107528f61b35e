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

/** Input of an attempt, as plain data. */
export type AttemptSpec = {
	readonly subtask: Subtask;
	/** From 1. */
	readonly attempt: number;
	readonly profile: AgentProfile;
	/** Base commit of the workspace. */
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
			/** Check report and diff, for the next attempt and for dependents. */
			readonly evidence?: string | undefined;
	  };

/** Permission to make one model call. */
export type Admission = {
	readonly id: string;
	/** Lower than requested if the budget is nearly spent. */
	readonly maxOutputTokens: number;
	/** Reserved from the budget until the call ends. */
	readonly held: Reserved;
};

export type CallEnd =
	| {readonly kind: 'answered'}
	| {readonly kind: 'failed'; readonly failure: Failure}
	/** Aborted or never made; shows nothing about the endpoint. */
	| {readonly kind: 'abandoned'};

export type TurnStart = {
	/** From 1. */
	readonly turn: number;
	/** Ids of the messages that an earlier process delivered before this turn; absent if the turn is new. */
	readonly delivered?: readonly string[] | undefined;
	/** The previous turn was interrupted: wait for a message from the person. */
	readonly afterInterruption?: boolean | undefined;
};

/**
 * What a session (an attempt or the lead) can request from its run. Designed for remote execution: all
 * arguments and results are plain data, and methods that return nothing need no reply. Waiting methods
 * reject with the reason of their signal.
 */
export type AttemptContext = {
	/** Appends an event; agent, subtask and attempt are added. */
	emit(body: SessionEventBody): void;
	/** Stores a redacted text under its SHA-256; durable after the next barrier. */
	putBlob(text: string): void;
	/** Resolves when all events and blobs so far are durable. */
	barrier(): Promise<void>;
	readBlob(hash: string): Promise<string | undefined>;
	/** Events that earlier processes logged for the subtask (or the lead), in order. */
	history(): Promise<readonly RunEvent[]>;
	/** Asks for a decision and waits for it. */
	ask(subject: ApprovalSubject, signal: AbortSignal): Promise<Decision>;
	/**
	 * Waits until a call is allowed: the run is not paused, the endpoint has a free slot, and the budget
	 * covers the call. Logs what it waits for. Throws `rate-limit` if the endpoint would take longer than
	 * `patienceMs`, `limit-reached` if the budget is spent.
	 */
	admitCall(
		call: {
			readonly route: CallRoute;
			readonly reservation: ReservationRequest;
			readonly patienceMs: number;
		},
		signal: AbortSignal,
	): Promise<Admission>;
	/** Ends an admitted call: releases its slot and its reservation. */
	endCall(admission: string, end: CallEnd): void;
	/** Takes a retry from the endpoint's retry budget; false if the budget is empty. */
	mayRetry(route: CallRoute): Promise<boolean>;
	/** The plan and its progress, for a compacted conversation. */
	teamState(): Promise<string>;
	/** Starts a turn and returns the messages to deliver first; the lead's are in its brief. */
	beginTurn(start: TurnStart, signal: AbortSignal): Promise<readonly ReceivedMessage[]>;
	/** Calls the listener with the turn that the person interrupted. */
	onInterrupt(listener: (turn: number) => void): void;
	/** Sends a message to an agent or a subtask; returns its id, rejects for unknown names. */
	sendMessage(to: string, text: string): Promise<string>;
	/** Live text for viewers; never logged. */
	stream(delta: AgentDelta): void;
	/** Aborted when the attempt must end. */
	readonly signal: AbortSignal;
};

/** Executes attempts, in this process or elsewhere. */
export type Dispatcher = (spec: AttemptSpec, context: AttemptContext) => Promise<AttemptResult>;
