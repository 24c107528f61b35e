import type {ToolCall, ToolSpec} from '../core/chat.ts';
import type {ToolEffect} from '../core/run-event.ts';
import type {PreparedCall, ToolContext} from './tool.ts';

/** The tools of one agent, as the loop and the engine see them. */
export type Toolbox = {
	readonly specs: readonly ToolSpec[];
	/** `undefined` for a name that is not offered. */
	effectOf(name: string): ToolEffect | undefined;
	/**
	 * Understands and checks a call. Throws `FailureError`: `bad-call` for an unknown tool or wrong
	 * arguments, `tool-failed` or `denied` for what cannot be done.
	 */
	prepare(call: ToolCall, context: ToolContext): Promise<PreparedCall>;
};
