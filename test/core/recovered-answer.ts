import * as fc from 'fast-check';
import type {Answer, Message, Part, StopReason} from '../../source/core/chat.ts';
import type {Json} from '../../source/core/json.ts';
import {recoverCalls} from '../../source/core/recover-calls.ts';
import {createTools} from '../../source/tools/catalog.ts';
import {createToolbox} from '../../source/tools/create-toolbox.ts';

/** The arguments of a call. */
export type Args = Readonly<Record<string, Json>>;

const toolbox = createToolbox();

/** All tools of an agent. */
export const tools = createTools();

/** A right call of any tool, with hostile text in every field of text. */
export const anyCall = fc
	.record({
		tool: fc.constantFrom(...tools),
		text: fc.oneof(
			fc.string({minLength: 1}),
			fc.constantFrom('</tool_call>', '```\n{"a"', '<think>x</think>', '[1, "2"', "it's \\d", '{}'),
		),
	})
	.map(({tool, text}) => ({
		name: tool.name,
		args: Object.fromEntries(Object.keys(tool.example as object).map(key => [key, text])) as Args,
	}));

/** What an answer becomes when its calls are recovered, behind these messages. */
export function recover(given: Answer, messages: readonly Message[] = []): Answer {
	return recoverCalls(given, toolbox.accepts, messages);
}

/** A call as most models print it. */
export function call(name: string, args: Args): string {
	return JSON.stringify({name, arguments: args});
}

/** An answer of text alone. */
export function textAnswer(text: string, stopReason?: StopReason): Answer {
	return answerOf([{kind: 'text', text}], stopReason);
}

/** An answer of these parts. */
export function answerOf(parts: readonly Part[], stopReason: StopReason = 'end'): Answer {
	return {
		message: {role: 'assistant', parts: [...parts], origin: {provider: 'demo', model: 'm'}},
		stopReason,
		usage: {
			input: 1,
			cacheRead: null,
			cacheWrite: null,
			output: 1,
			reasoning: null,
			estimated: false,
		},
		model: 'm',
	};
}
