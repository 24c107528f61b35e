import type {Answer, ChatRequest} from '../../core/chat.ts';
import type {Clock, Random} from '../../core/clock.ts';
import type {AgentProfile} from '../../core/settings.ts';
import type {ModelRequest} from '../../agents/agent.ts';
import type {AttemptSession} from '../attempt/attempt-session.ts';
import type {Connect} from './connection.ts';
import type {ModelMemory} from './model-memory.ts';

export type ModelCallerOptions = {
	readonly profile: AgentProfile;
	readonly session: AttemptSession;
	readonly connect: Connect;
	readonly models: ModelMemory;
	readonly clock: Clock;
	readonly random: Random;
	/** Normalizes an answer before it is logged, for example calls that were printed as text. */
	readonly read?: ((answer: Answer, request: ChatRequest) => Answer) | undefined;
};

/** One call, independent of the target that answers it. */
export type Call = {
	readonly request: ModelRequest;
	/** SHA-256 of the request, without the model. */
	readonly hash: string;
	readonly turn: number;
	/** Its id in the log. */
	readonly id: string;
	/** Ids of tool calls already used in this session. */
	readonly usedIds: Set<string>;
};
