import {textOf, toolCallsOf, type Answer, type Message, type Part, type ToolCall} from './chat.ts';
import type {Json} from './json.ts';
import {printedCalls, type PrintedCall} from './printed-calls.ts';
import {repairJson} from './repair-json.ts';

/** The name of the tool that a call means, when its arguments fit, else `undefined`. */
export type AcceptCall = (name: string, args: {readonly [key: string]: Json}) => string | undefined;

/**
 * An answer with the calls that its model meant to make. Without native calls, the calls that its whole
 * text consists of (`printedCalls`), if all are accepted. With native calls, the names as the tools have
 * them, and arguments that are JSON after `repairJson`, if that is accepted; the text of those is
 * written anew, since servers parse it when it comes back. Everything else stays as it is; so does an answer that was cut, but that a last call without arguments is left unfinished, since
 * nobody knows what was to come.
 *
 * @param nextId gives ids that are unique in the conversation (`placeIds`)
 */
export function recoverCalls(answer: Answer, accepts: AcceptCall, nextId: () => string): Answer {
	const {message, stopReason} = answer;
	const calls = toolCallsOf(message);
	if (stopReason === 'max-tokens' || stopReason === 'context-full') {
		const last = calls.at(-1);
		return last === undefined || Object.keys(last.arguments ?? {}).length > 0
			? answer
			: withParts(
					answer,
					message.parts.map(part => (part === last ? unfinished(last) : part)),
				);
	}

	if (stopReason !== 'end' && stopReason !== 'tool-calls') {
		return answer;
	}

	if (calls.length > 0) {
		const parts = message.parts.map(part =>
			part.kind === 'tool-call' ? mended(part, accepts) : part,
		);
		return parts.some((part, index) => part !== message.parts[index])
			? withParts(answer, parts)
			: answer;
	}

	for (const {thinking, text} of readingsOf(textOf(message))) {
		const recovered = acceptedCalls(text, accepts, nextId);
		if (recovered) {
			const kept = message.parts.filter(part => part.kind === 'thinking');
			return {...withParts(answer, [...kept, ...thinking, ...recovered]), stopReason: 'tool-calls'};
		}
	}

	return answer;
}

/** Ids for recovered calls, made from the place in the conversation: after a crash the same again. */
export function placeIds(messages: readonly Message[]): () => string {
	const used = new Set(
		messages
			.filter(message => message.role === 'assistant')
			.flatMap(toolCallsOf)
			.map(({id}) => id),
	);
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
	const printed = printedCalls(text) ?? [];
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

function mended(call: ToolCall, accepts: AcceptCall): ToolCall {
	const args = call.arguments ?? objectIn(call.argumentsText);
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

/** Some servers and models put the JSON of the arguments into a JSON string. */
function objectIn(text: string): ToolCall['arguments'] {
	const value = repairJson(text, {ended: true});
	const inner = typeof value === 'string' ? repairJson(value, {ended: true}) : value;
	return typeof inner === 'object' && inner !== null && !Array.isArray(inner)
		? {...(inner as {readonly [key: string]: Json})}
		: undefined;
}

function unfinished({kind, id, name, argumentsText}: ToolCall): ToolCall {
	return {kind, id, name, argumentsText};
}

/** The text, and the text behind thoughts that a reader of the stream has left in it. */
function readingsOf(
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
