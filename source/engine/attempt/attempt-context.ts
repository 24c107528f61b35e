import type {ApprovalSubject, Decision} from '../../core/approval.ts';
import type {Change} from '../../core/change.ts';
import type {Failure} from '../../core/failure.ts';
import type {Json} from '../../core/json.ts';
import type {Check, Subtask} from '../../core/plan.ts';
import type {Payload, RunEventBody} from '../../core/run-event.ts';
import type {AgentDelta} from '../../core/run.ts';
import type {AgentProfile, RunSettings} from '../../core/settings.ts';
import type {ReceivedMessage, TeammateBrief} from '../../agents/agent.ts';
import type {Reservation, ReservationRequest} from '../model/budget.ts';
import type {CallPermit, CallTarget} from '../model/endpoints.ts';
import type {Journal} from './journal.ts';
import type {ModelMemory} from '../model/model-memory.ts';
import type {SessionTurns} from './turns.ts';

/** Everything about one try at a subtask that is known before it starts. Plain data. */
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
			/** The diff and the end of the checks, for those who come after. */
			readonly evidence?: string | undefined;
	  };

/**
 * What an attempt can do to the run, wherever it is executed. Locally it writes to the log; a worker
 * on another machine implements the same over its own journal.
 */
export type AttemptContext = {
	emit(body: RunEventBody): void;
	barrier(): Promise<void>;
	/** Redacts a text and makes a payload of it. */
	keep(text: string): Payload;
	keepBlob(text: string): Payload;
	read(payload: Payload): Promise<string | undefined>;
	/** Removes secrets from what comes in. */
	redact(text: string): string;
	/** Asks for a decision and waits for it. */
	ask(subject: ApprovalSubject): Promise<Decision>;
	/** Holds a part of the run's budget back for one call. */
	reserve(wish: ReservationRequest): Promise<Reservation>;
	/**
	 * Waits until a call may be made there; the log tells for what. Throws kind `rate-limit` where that
	 * would take longer than `patienceMs`.
	 */
	gate(place: CallTarget, patienceMs?: number): Promise<CallPermit>;
	/** Whether the endpoint may be asked once more after a failure. */
	mayRetry(place: CallTarget): boolean;
	readonly models: ModelMemory;
	/** Where the run stands now, for an agent whose conversation is made shorter. */
	teamState(): string;
	/**
	 * Begins a turn: gives the messages that wait. After a turn that the person interrupted it waits for
	 * one from the person.
	 */
	receiveMessages(turn: number): Promise<readonly ReceivedMessage[]>;
	readonly turns: SessionTurns;
	/** Sends to an agent or to whoever works on a subtask; throws for unknown names. */
	sendMessage(to: string, text: string): string;
	/** Live text for viewers; never logged. */
	stream(delta: AgentDelta): void;
	readonly journal: Journal;
	readonly signal: AbortSignal;
};

/** Executes attempts: in this process, or by a queue somewhere else. */
export type Dispatcher = (spec: AttemptSpec, context: AttemptContext) => Promise<AttemptResult>;
