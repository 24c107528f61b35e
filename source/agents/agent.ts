import type {Answer, ChatRequest, Message, ToolCall, ToolSpec} from '../core/chat.ts';
import type {Failure} from '../core/failure.ts';
import type {Json} from '../core/json.ts';
import type {Plan} from '../core/plan.ts';
import type {PlanProblem} from '../core/plan-problems.ts';
import type {ToolEffect} from '../core/run-event.ts';

/**
 * Asks a model. Gate, retries, budget and log are the engine's and hidden behind it: what it throws
 * (`FailureError`) is final for this call.
 */
export type ModelCaller = (request: ModelRequest, turn: number) => Promise<Answer>;

/** A request without what the engine knows better: model and limits. */
export type ModelRequest = Omit<ChatRequest, 'model' | 'maxOutputTokens'>;

/** A message of another agent or of the person. */
export type ReceivedMessage = {readonly id: string; readonly from: string; readonly text: string};

export type ToolReply = {
	readonly ok: boolean;
	readonly text: string;
	/** Whether a file of the workspace changed by it. */
	readonly changed: boolean;
};

export type Verification = {
	readonly passed: boolean;
	/** The red checks with the end of their output, for the model. */
	readonly report: string;
};

/** That a conversation was made shorter: how much, and where the run stood then. */
export type Compaction = {
	/** From 1; the higher, the less is kept. */
	readonly level: number;
	readonly state: string;
};

/** Everything a teammate's loop can do to the world. */
export type TeammateSession = {
	readonly call: ModelCaller;
	readonly tools: readonly ToolSpec[];
	effectOf(tool: string): ToolEffect | undefined;
	/** Logs, asks, runs. Rejects only when the attempt has to end (denied, cancelled). */
	runTool(call: ToolCall, turn: number): Promise<ToolReply>;
	/**
	 * Begins a turn: gives the messages that wait, to be told before it. Waits for one from the person
	 * when the person has interrupted the turn before.
	 */
	receiveMessages(turn: number): Promise<readonly ReceivedMessage[]>;
	/**
	 * Whether the person has ended that turn. Its `call` has failed then, or of its tool calls those that
	 * were not done yet; the same again when it is told after a crash.
	 */
	interrupted(turn: number): boolean;
	/** How an earlier process made this very conversation shorter. */
	compaction(messages: readonly Message[]): Promise<Compaction | undefined>;
	/** Tells that the conversation is made shorter now; gives where the run stands. */
	compact(
		messages: readonly Message[],
		cut: {readonly turn: number; readonly level: number; readonly reason: string},
	): Promise<Compaction>;
	/** Runs the checks of the subtask. They are not passed when the turn is interrupted before their end. */
	verify(turn: number): Promise<Verification>;
	readonly maxTurns: number;
};

/** What a teammate has to do, complete in itself. */
export type TeammateBrief = {
	readonly agent: string;
	/** The names of the others, who can be sent messages. */
	readonly colleagues: readonly string[];
	readonly task: string;
	readonly subtask: {
		readonly id: string;
		readonly title: string;
		readonly instructions: string;
		readonly writes: readonly string[];
		readonly outputs: readonly string[];
	};
	readonly checks: readonly string[];
	/** What is known of the subtasks it depends on. */
	readonly dependencies: readonly {
		readonly id: string;
		readonly title: string;
		readonly status: string;
		readonly summary: string;
		/** Of a failure: the diff and the end of the checks. */
		readonly evidence?: string | undefined;
	}[];
	/** Why the attempt before failed, with its evidence. */
	readonly previous: {readonly reason: string; readonly evidence?: string | undefined} | undefined;
	/** Instructions of the project (`AGENTS.md`). */
	readonly projectInstructions: string | undefined;
	/** Whether commands are free, ask a person, or are refused because nobody can be asked. */
	readonly commandsAsk: boolean;
};

export type TeammateEnd =
	| {
			readonly kind: 'finished';
			readonly summary: string;
			readonly outputs: Readonly<Record<string, Json>>;
			readonly turns: number;
	  }
	| {
			readonly kind: 'failed';
			readonly failure: Failure;
			/** The last report of red checks. */
			readonly report?: string | undefined;
			readonly turns: number;
	  };

/** Works on one subtask until it is verified or given up. Rejects only when aborted. */
export type Teammate = (brief: TeammateBrief, session: TeammateSession) => Promise<TeammateEnd>;

export type PlanningBrief = {
	readonly task: string;
	readonly teammates: number;
	/** What lies in the directory, as a list of paths, shortened. */
	readonly overview: string;
	readonly projectInstructions: string | undefined;
	/** Checks that the person gave: run on the whole at the end. */
	readonly checks: readonly string[];
	/** The revision before. */
	readonly previous: Plan | undefined;
	/** Why earlier revisions were sent back, and what the person has said, in order. */
	readonly feedback: readonly string[];
	/** What has become of the subtasks so far; empty before a plan was approved. */
	readonly progress: readonly {
		readonly id: string;
		readonly status: string;
		readonly summary: string;
	}[];
};

export type PlanningSession = {
	readonly call: ModelCaller;
	/** What forbids a valid plan to be the next revision. */
	check(plan: Plan): readonly PlanProblem[];
	/** Tells that the lead is asked with less, because all of it was too much for its model. */
	shortened(level: number, reason: string): void;
	/** Tells of an answer that is no valid plan. */
	refused(attempt: number, problems: readonly PlanProblem[]): void;
};

/** `fallback`: no valid plan came, so one subtask does the whole task, or the plan before stays. */
export type Planned = {readonly plan: Plan; readonly origin: 'lead' | 'fallback'};

export type Lead = (brief: PlanningBrief, session: PlanningSession) => Promise<Planned>;
