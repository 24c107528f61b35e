import {textOf, toolCallsOf, type AssistantMessage, type Message} from '../../core/chat.ts';

/**
 * A conversation as strict templates want it: messages of one side are one message, a result is
 * followed by the model, and nothing is empty. Templates of Mistral and Gemma, and the APIs behind them,
 * refuse anything else (`roles must alternate`, `Unexpected role 'user' after role 'tool'`).
 * https://github.com/mistralai/mistral-common/issues/169
 */
export function alternateRoles(messages: readonly Message[]): readonly Message[] {
	const turns: Message[] = [];
	for (const message of messages.filter(hasContent)) {
		const last = turns.at(-1);
		if (last?.role === 'user' && message.role === 'user') {
			turns[turns.length - 1] = {role: 'user', text: `${last.text}\n\n${message.text}`};
		} else if (last?.role === 'assistant' && message.role === 'assistant') {
			turns[turns.length - 1] = joined(last, message);
		} else if (last?.role === 'tool' && message.role === 'user') {
			turns.push(bridge, message);
		} else {
			turns.push(message);
		}
	}

	return turns;
}

/**
 * Each call in a message of its own, followed by its result, for templates that know one call per
 * message (Llama 3: `This model only supports single tool-calls at once`).
 */
export function separateCalls(messages: readonly Message[]): readonly Message[] {
	const results = new Map<string, Message>();
	for (const message of messages) {
		if (message.role === 'tool') {
			results.set(message.callId, message);
		}
	}

	const moved = new Set<string>();
	return messages.flatMap((message): readonly Message[] => {
		if (message.role === 'tool') {
			return moved.has(message.callId) ? [] : [message];
		}

		const calls = message.role === 'assistant' ? toolCallsOf(message) : [];
		if (message.role !== 'assistant' || calls.length < 2) {
			return [message];
		}

		return calls.flatMap((call, index) => {
			const result = results.get(call.id);
			moved.add(call.id);
			const before = index === 0 ? message.parts.filter(({kind}) => kind !== 'tool-call') : [];
			return [{...message, parts: [...before, call]}, ...(result ? [result] : [])];
		});
	});
}

/** What stands between a result and a message of the person. */
const bridge: AssistantMessage = {
	role: 'assistant',
	parts: [{kind: 'text', text: 'Understood.'}],
	origin: {provider: '', model: ''},
};

/** A turn that was interrupted before the model said or called anything has no content. */
function hasContent(message: Message): boolean {
	return message.role !== 'assistant' || textOf(message) !== '' || toolCallsOf(message).length > 0;
}

/** Thoughts of another model cannot be part of the joined message. */
function joined(first: AssistantMessage, second: AssistantMessage): AssistantMessage {
	const {provider, model} = second.origin;
	const isSame = first.origin.provider === provider && first.origin.model === model;
	const kept = isSame ? first.parts : first.parts.filter(({kind}) => kind !== 'thinking');
	return {...second, parts: [...kept, ...second.parts]};
}
