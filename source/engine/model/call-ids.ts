import {toolCallsOf, type Answer} from '../../core/chat.ts';

/**
 * An answer whose calls have ids that no call of the session had before: results are known by them, also
 * after a crash. Servers that give none, or the same ones again, and calls that were read from a text get
 * an id by their place. What is given is remembered.
 */
export function withUniqueIds(
	answer: Answer,
	{turn, usedIds}: {readonly turn: number; readonly usedIds: Set<string>},
): Answer {
	let index = 0;
	const parts = answer.message.parts.map(part => {
		if (part.kind !== 'tool-call') {
			return part;
		}

		index += 1;
		let id = part.id;
		for (let n = index; usedIds.has(id); n += 100) {
			id = `call_${turn}_${n}`;
		}

		usedIds.add(id);
		return id === part.id ? part : {...part, id};
	});
	return {...answer, message: {...answer.message, parts}};
}

/** Remembers the ids of an answer that is given again. */
export function rememberIds({message}: Answer, usedIds: Set<string>): void {
	for (const {id} of toolCallsOf(message)) {
		usedIds.add(id);
	}
}
