import type {ChatRequest, Message, Part} from '../../core/chat.ts';
import type {Json} from '../../core/json.ts';

/**
 * A request without lone surrogates, since strict parsers reject the entire body over one: text may
 * have been cut inside a surrogate pair, and models may write lone surrogates. Well-formed parts
 * keep their identity.
 */
export function wellFormed(request: ChatRequest): ChatRequest {
	return {
		...request,
		system: request.system.toWellFormed(),
		messages: request.messages.map(wellFormedMessage),
	};
}

function wellFormedMessage(message: Message): Message {
	return message.role === 'assistant'
		? {...message, parts: message.parts.map(wellFormedPart)}
		: {...message, text: message.text.toWellFormed()};
}

function wellFormedPart(part: Part): Part {
	switch (part.kind) {
		case 'text':
			return {...part, text: part.text.toWellFormed()};
		case 'thinking':
			return part.opaque === undefined || isWellFormed(part.opaque)
				? part
				: {...part, opaque: wellFormedJson(part.opaque)};
		case 'tool-call': {
			const {arguments: args} = part;
			if (args === undefined || isWellFormed(args)) {
				return part;
			}

			const fixed = Object.fromEntries(
				Object.entries(args).map(([name, value]) => [name.toWellFormed(), wellFormedJson(value)]),
			);
			return {...part, arguments: fixed, argumentsText: JSON.stringify(fixed)};
		}
	}
}

function isWellFormed(value: Json): boolean {
	if (typeof value === 'string') {
		return value.isWellFormed();
	}

	return typeof value !== 'object' || value === null
		? true
		: Object.entries(value).every(([name, field]) => name.isWellFormed() && isWellFormed(field));
}

function wellFormedJson(value: Json): Json {
	if (typeof value === 'string') {
		return value.toWellFormed();
	}

	if (Array.isArray(value)) {
		return value.map(wellFormedJson);
	}

	return typeof value === 'object' && value !== null
		? Object.fromEntries(
				Object.entries(value).map(([name, field]) => [name.toWellFormed(), wellFormedJson(field)]),
			)
		: value;
}
