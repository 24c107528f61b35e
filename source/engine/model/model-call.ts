import type {Answer} from '../../core/chat.ts';
import type {Clock, Random} from '../../core/clock.ts';
import type {AgentProfile} from '../../core/settings.ts';
import type {ModelRequest} from '../../agents/agent.ts';
import type {Session} from '../attempt/session.ts';
import type {Connect} from './connection.ts';
import type {ModelMemory} from './model-memory.ts';

export type ModelCallerOptions = {
	readonly profile: AgentProfile;
	readonly session: Session;
	readonly connect: Connect;
	readonly models: ModelMemory;
	readonly clock: Clock;
	readonly random: Random;
	/** Reads an answer as it was meant, before anybody sees it: calls that were printed as text. */
	readonly read?: ((answer: Answer, request: ModelRequest) => Answer) | undefined;
};

/** One call that has to be answered, by whichever target. */
export type Call = {
	readonly request: ModelRequest;
	/** SHA-256 of the request, whichever model is asked. */
	readonly hash: string;
	readonly turn: number;
	/** Its name in the log. */
	readonly id: string;
	/** Ids of tool calls that were given in this session before. */
	readonly usedIds: Set<string>;
};
