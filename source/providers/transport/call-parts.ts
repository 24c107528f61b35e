import {
	toolCallsOf,
	type ChatRequest,
	type Part,
	type StopReason,
	type ToolCall,
} from '../../core/chat.ts';
import {canonicalJson, parseJson, type Json} from '../../core/json.ts';

export type JsonObject = {readonly [key: string]: Json};

/**
 * Gives the calls of one answer their ids: the server's own where it is new in the conversation,
 * else one made from the place in the conversation, so that a resumed run sends the same bytes.
 */
export function createCallIds(request: ChatRequest): (given: string | null | undefined) => string {
	const {messages} = request;
	const used = new Set(
		messages
			.filter(message => message.role === 'assistant')
			.flatMap(toolCallsOf)
			.map(call => call.id),
	);
	let index = 0;
	return given => {
		const id = given && !used.has(given) ? given : `call_${messages.length}_${index}`;
		index++;
		used.add(id);
		return id;
	};
}

/** Models leave the arguments of a tool without parameters empty. */
export function toolCall(id: string, name: string, argumentsText: string): ToolCall {
	const text = argumentsText.trim() === '' ? '{}' : argumentsText;
	const value = parseJson(text);
	return {
		kind: 'tool-call',
		id,
		name,
		argumentsText: text,
		...(isJsonObject(value) ? {arguments: value} : {}),
	};
}

/** What goes back to the server: llama-server fails for good on arguments that do not parse. */
export function argumentsOf(call: ToolCall): JsonObject {
	return call.arguments ?? {};
}

/** The same as text: the model's own words where they are JSON of just these arguments. */
export function argumentsTextOf(call: ToolCall): string {
	const args = argumentsOf(call);
	return canonicalJson(parseJson(call.argumentsText)) === canonicalJson(args)
		? call.argumentsText
		: JSON.stringify(args);
}

/** Servers disagree on how they mark an answer with calls; the calls themselves decide. */
export function reasonWith(parts: readonly Part[], reason: StopReason): StopReason {
	if (reason !== 'end' && reason !== 'tool-calls') {
		return reason;
	}

	return parts.some(part => part.kind === 'tool-call') ? 'tool-calls' : 'end';
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
