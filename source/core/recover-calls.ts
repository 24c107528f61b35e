import {
	callIdsIn,
	textOf,
	toolCallsOf,
	type Answer,
	type Message,
	type Part,
	type ToolCall,
} from './chat.ts';
import type {Json} from './json.ts';
import {parsePrintedCalls, type PrintedCall} from './printed-calls.ts';
import {repairJson} from './repair-json.ts';

/** The name of the tool that a call means, if its arguments fit; otherwise `undefined`. */
export type AcceptCall = (name: string, args: {readonly [key: string]: Json}) => string | undefined;

/**
 * An answer with the calls that its model meant to make.
 *
 * Without native calls: the calls that its entire text consists of (`parsePrintedCalls`), if all
 * are accepted. With native calls: names are mapped to those of the tools, and arguments are
 * repaired (`repairJson`), if the result is accepted; repaired arguments are serialized again,
 * since servers parse them in later requests. Everything else is unchanged. An answer that was cut
 * off is unchanged as well, except that a last call with no arguments is marked as unfinished.
 *
 * @param messages the conversation that was answered
 */
export function recoverCalls(
	answer: Answer,
	accepts: AcceptCall,
	messages: readonly Message[],
): Answer {
	const {message, stopReason} = answer;
	const calls = toolCallsOf(message);
	if (stopReason === 'max-tokens' || stopReason === 'context-full') {
		const last = calls.at(-1);
		return last === undefined || Object.keys(last.arguments ?? {}).length > 0
			? answer
			: withParts(
					answer,
					message.parts.map(part => (part === last ? withoutArguments(last) : part)),
				);
	}

	if (stopReason !== 'end' && stopReason !== 'tool-calls') {
		return answer;
	}

	if (calls.length > 0) {
		const parts = message.parts.map(part =>
			part.kind === 'tool-call' ? repairCall(part, accepts) : part,
		);
		return parts.some((part, index) => part !== message.parts[index])
			? withParts(answer, parts)
			: answer;
	}

	const nextId = newCallIds(messages);
	for (const {thinking, text} of splitThoughts(textOf(message))) {
		const recovered = acceptedCalls(text, accepts, nextId);
		if (recovered) {
			const kept = message.parts.filter(part => part.kind === 'thinking');
			return {...withParts(answer, [...kept, ...thinking, ...recovered]), stopReason: 'tool-calls'};
		}
	}

	return answer;
}

/** New ids, derived from the position in the conversation, so that they are the same after a crash. */
function newCallIds(messages: readonly Message[]): () => string {
	const used = callIdsIn(messages);
	let index = 0;
	return () => {
		for (;;) {
			const id = `call_${messages.length}_${index}`;
			index += 1;
			if (!used.has(id)) {
				return id;
			}
		}
	};
}

function acceptedCalls(
	text: string,
	accepts: AcceptCall,
	nextId: () => string,
): readonly Part[] | undefined {
	const printed = parsePrintedCalls(text) ?? [];
	const named = printed.flatMap((call): readonly PrintedCall[] => {
		const name = accepts(call.name, call.arguments);
		return name === undefined ? [] : [{...call, name}];
	});
	return named.length === 0 || named.length < printed.length
		? undefined
		: named.map(({name, arguments: args}) => ({
				kind: 'tool-call',
				id: nextId(),
				name,
				argumentsText: JSON.stringify(args),
				arguments: args,
				recovered: true,
			}));
}

function repairCall(call: ToolCall, accepts: AcceptCall): ToolCall {
	const args = call.arguments ?? parseArguments(call.argumentsText);
	const name = args && accepts(call.name, args);
	if (name === undefined || args === undefined) {
		return call;
	}

	if (call.arguments) {
		return name === call.name ? call : {...call, name};
	}

	return {
		...call,
		name,
		argumentsText: JSON.stringify(args),
		arguments: args,
		recovered: true,
	};
}

/** Some servers and models put the arguments' JSON into a JSON string. */
function parseArguments(text: string): ToolCall['arguments'] {
	const value = repairJson(text, {ended: true});
	const inner = typeof value === 'string' ? repairJson(value, {ended: true}) : value;
	return typeof inner === 'object' && inner !== null && !Array.isArray(inner)
		? {...(inner as {readonly [key: string]: Json})}
		: undefined;
}

function withoutArguments({kind, id, name, argumentsText}: ToolCall): ToolCall {
	return {kind, id, name, argumentsText};
}

/** The text itself, and the text after thoughts that a stream reader left in it. */
function splitThoughts(
	text: string,
): readonly {readonly thinking: readonly Part[]; readonly text: string}[] {
	const closing = /<\/(?:think|thinking|reasoning)>|\[\/THINK\]/.exec(text);
	if (!closing) {
		return [{thinking: [], text}];
	}

	const thought = text.slice(0, closing.index).replace(/^\s*(?:<\w+>|\[THINK\])/, '');
	const thinking: readonly Part[] =
		thought.trim() === '' ? [] : [{kind: 'thinking', text: thought.trim()}];
	const behind = text.slice(closing.index + closing[0].length);
	return [
		{thinking: [], text},
		{thinking, text: behind},
	];
}

function withParts(answer: Answer, parts: readonly Part[]): Answer {
	return {...answer, message: {...answer.message, parts: [...parts]}};
}
