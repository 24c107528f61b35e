import type {ToolCall, ToolSpec} from '../core/chat.ts';
import type {Json} from '../core/json.ts';
import type {ToolEffect} from '../core/agent-events.ts';
import type {PreparedCall, ToolContext} from './tool.ts';

/**
 * The tools of one agent, as seen by the loop and the engine. Tool names are resolved leniently,
 * consistently in all methods.
 */
export type Toolbox = {
	readonly specs: readonly ToolSpec[];
	/** `undefined` for an unknown name. */
	effectOf(name: string): ToolEffect | undefined;
	/** The actual name of the tool, if there is one and the arguments fit. */
	accepts(name: string, args: {readonly [key: string]: Json}): string | undefined;
	/** The call with its actual name and the parsed arguments; unchanged if it does not fit. */
	normalize(call: ToolCall): ToolCall;
	/**
	 * Validates a call. Throws `FailureError`: `bad-call` for an unknown tool or wrong arguments,
	 * `tool-failed` or `denied` for what cannot be done.
	 */
	prepare(call: ToolCall, context: ToolContext): Promise<PreparedCall>;
};
