import {createHash} from 'node:crypto';
import {
	callIdsIn,
	type ChatRequest,
	type Part,
	type StopReason,
	type ToolCall,
} from '../../core/chat.ts';
import {canonicalJson, isJsonObject, parseJson, type JsonObject} from '../../core/json.ts';

/**
 * Assigns ids to the calls of one answer: the server's id if it is new in the conversation,
 * otherwise one derived from the position in the conversation, so that a resumed run sends the same
 * bytes.
 */
export function createCallIds({
	messages,
}: Pick<ChatRequest, 'messages'>): (given: string | null | undefined) => string {
	const used = callIdsIn(messages);
	let index = 0;
	return given => {
		const id = given && !used.has(given) ? given : placeId(messages.length, index);
		index++;
		used.add(id);
		return id;
	};
}

/** Nine letters and digits, the form that Mistral requires and nobody refuses. */
function placeId(message: number, call: number): string {
	return `c${message.toString(36).padStart(5, '0')}${call.toString(36).padStart(3, '0')}`;
}

/** An id in that form: the id itself if it has it, otherwise a hash of it. */
export function strictId(id: string): string {
	return /^[a-z\d]{9}$/i.test(id)
		? id
		: createHash('sha256')
				.update(id)
				.digest('base64')
				.replace(/[^a-z\d]/gi, '')
				.slice(0, 9);
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

/**
 * Arguments to send back to the server: llama-server fails permanently on arguments that don't
 * parse.
 */
export function argumentsOf(call: ToolCall): JsonObject {
	return call.arguments ?? {};
}

/** The same as text: the model's own text if it is JSON of exactly these arguments. */
export function argumentsTextOf(call: ToolCall): string {
	const args = argumentsOf(call);
	return canonicalJson(parseJson(call.argumentsText)) === canonicalJson(args)
		? call.argumentsText
		: JSON.stringify(args);
}

/** Servers disagree on the stop reason of an answer with calls; the calls themselves decide. */
export function reconcileStopReason(parts: readonly Part[], reason: StopReason): StopReason {
	if (reason !== 'end' && reason !== 'tool-calls') {
		return reason;
	}

	return parts.some(part => part.kind === 'tool-call') ? 'tool-calls' : 'end';
}
