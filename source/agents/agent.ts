import type {Answer, ChatRequest, Message, ToolCall, ToolSpec} from '../core/chat.ts';
import type {Failure} from '../core/failure.ts';
import type {Json, JsonSchema} from '../core/json.ts';
import type {Plan} from '../core/plan.ts';
import type {PlanProblem} from '../core/plan-problems.ts';
import type {ToolEffect} from '../core/agent-events.ts';

/**
 * Calls a model. The engine hides gate, retries, budget and log behind it: a `FailureError` is
 * final for this call.
 */
export type ModelCaller = (request: ModelRequest, turn: number) => Promise<Answer>;

/** A request without what the engine adds: model and limits. */
export type ModelRequest = Omit<ChatRequest, 'model' | 'maxOutputTokens' | 'output'> & {
	readonly output?: OutputForm | undefined;
	/** What small models get in place of it. */
	readonly forSmallModel?: SmallModelForm | undefined;
};

/** The parts of a request that are different for small models. */
export type SmallModelForm = Pick<ModelRequest, 'system' | 'messages' | 'tools' | 'output'> & {
	/** Comes before the messages if the model has no native calls. */
	readonly examples?: readonly Message[] | undefined;
};

/** The document that an answer has to be. */
export type OutputForm = NonNullable<ChatRequest['output']> & {
	/**
	 * For servers that make a grammar of it, which then forbids more than vendors accept in a schema:
	 * empty lists, empty texts, texts without end.
	 */
	readonly grammar: JsonSchema;
};

/** A message from another agent or the person. */
export type ReceivedMessage = {readonly id: string; readonly from: string; readonly text: string};

export type ToolReply = {
	readonly ok: boolean;
	readonly text: string;
	/** Whether it changed a file of the workspace. */
	readonly changed: boolean;
};

export type Verification = {
	readonly passed: boolean;
	/** The failed checks with the tail of their output, for the model. */
	readonly report: string;
};

/** How a conversation was compacted, and the state of the run at that time. */
export type Compaction = {
	/** From 1; a higher level keeps less. */
	readonly level: number;
	readonly state: string;
};

/** Everything a teammate's loop can do to the outside. */
export type TeammateSession = {
	readonly call: ModelCaller;
	readonly tools: readonly ToolSpec[];
	effectOf(tool: string): ToolEffect | undefined;
	/**
	 * Logs, asks for permission, runs. Rejects only if the attempt must end (denied, cancelled).
	 */
	runTool(call: ToolCall, turn: number): Promise<ToolReply>;
	/**
	 * Starts a turn; returns pending messages to add before it. Waits for one from the person if
	 * the person interrupted the previous turn.
	 */
	receiveMessages(turn: number): Promise<readonly ReceivedMessage[]>;
	/**
	 * Whether the person ended that turn. If so, its `call` failed, or its unfinished tool calls
	 * did. Gives the same result when replayed after a crash.
	 */
	interrupted(turn: number): boolean;
	/** How an earlier process compacted exactly this conversation. */
	compaction(messages: readonly Message[]): Promise<Compaction | undefined>;
	/** Logs that the conversation is being compacted; returns the state of the run. */
	compact(
		messages: readonly Message[],
		cut: {readonly turn: number; readonly level: number; readonly reason: string},
	): Promise<Compaction>;
	/** Runs the subtask's checks. They fail if the turn is interrupted first. */
	verify(turn: number): Promise<Verification>;
	readonly maxTurns: number;
};

/** A teammate's complete assignment. */
export type TeammateBrief = {
	readonly agent: string;
	/** The names of the other agents, who can receive messages. */
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
	/** What is known about the subtasks it depends on. */
	readonly dependencies: readonly {
		readonly id: string;
		readonly title: string;
		readonly status: string;
		readonly summary: string;
		/** For a failure: the diff and the tail of the checks' output. */
		readonly evidence?: string | undefined;
	}[];
	/** Why the previous attempt failed, with its evidence. */
	readonly previous: {readonly reason: string; readonly evidence?: string | undefined} | undefined;
	/** Instructions of the project (`AGENTS.md`). */
	readonly projectInstructions: string | undefined;
	/** Whether commands other than the checks need a person's permission. */
	readonly commandsNeedPermission: boolean;
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
			/** The last report of failed checks. */
			readonly report?: string | undefined;
			readonly turns: number;
	  };

/** Works on one subtask until it is verified or given up. Rejects only if aborted. */
export type Teammate = (brief: TeammateBrief, session: TeammateSession) => Promise<TeammateEnd>;

export type PlanningBrief = {
	readonly task: string;
	readonly teammates: number;
	/** The directory's files, as a shortened list of paths. */
	readonly overview: string;
	readonly projectInstructions: string | undefined;
	/** The person's checks, run on the merged result at the end. */
	readonly checks: readonly string[];
	/** The previous revision. */
	readonly previous: Plan | undefined;
	/** Why earlier revisions were rejected, and the person's messages, in order. */
	readonly feedback: readonly string[];
	/** Progress of the subtasks so far; empty before a plan was approved. */
	readonly progress: readonly {
		readonly id: string;
		readonly status: string;
		readonly summary: string;
	}[];
};

export type PlanningSession = {
	readonly call: ModelCaller;
	/** What rules out a valid plan as the next revision. */
	check(plan: Plan): readonly PlanProblem[];
	/** Logs that the lead's prompt was shortened because it did not fit the model's context. */
	reportShortened(level: number, reason: string): void;
	/** Logs an answer that is not a valid plan. */
	reportRefused(round: number, problems: readonly PlanProblem[]): void;
};

/**
 * `fallback`: there was no valid plan, so one subtask does the entire task, or the previous plan is
 * kept.
 */
export type Planned = {readonly plan: Plan; readonly origin: 'lead' | 'fallback'};

export type Lead = (brief: PlanningBrief, session: PlanningSession) => Promise<Planned>;
