import type {ToolCall, ToolSpec} from '../core/chat.ts';
import type {Json} from '../core/json.ts';
import type {ToolEffect} from '../core/run-event.ts';
import type {PreparedCall, ToolContext} from './tool.ts';

/**
 * The tools of one agent, as the loop and the engine see them. Names are taken as models write them:
 * whatever is clearly one tool is that tool, in every method alike.
 */
export type Toolbox = {
	readonly specs: readonly ToolSpec[];
	/** `undefined` for a name that is not offered. */
	effectOf(name: string): ToolEffect | undefined;
	/** The real name of the tool, when there is one of that name and the arguments fit. */
	accepts(name: string, args: {readonly [key: string]: Json}): string | undefined;
	/** The call with its real name and arguments as the tool takes them; as it is when it does not fit. */
	normalise(call: ToolCall): ToolCall;
	/**
	 * Understands and checks a call. Throws `FailureError`: `bad-call` for an unknown tool or wrong
	 * arguments, `tool-failed` or `denied` for what cannot be done.
	 */
	prepare(call: ToolCall, context: ToolContext): Promise<PreparedCall>;
};
