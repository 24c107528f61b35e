import {toolCallsOf, type Answer} from '../../core/chat.ts';

/**
 * Makes the ids of tool calls unique within the session, because results are looked up by them, also
 * after a crash. Missing or repeated ids (some servers, calls parsed from text) are replaced by one
 * derived from turn and position. Adds all ids to `usedIds`.
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

/** Adds the ids of a replayed answer to `usedIds`. */
export function rememberIds({message}: Answer, usedIds: Set<string>): void {
	for (const {id} of toolCallsOf(message)) {
		usedIds.add(id);
	}
}
