import {parseJson} from '../../core/json.ts';
import {isJsonObject, type JsonObject} from '../transport/call-parts.ts';

/** A part of a tool call, as chunks of chat completions carry it. */
export type CallDelta = {
	readonly index?: number | null | undefined;
	readonly id?: string | null | undefined;
	readonly function?:
		| {
				readonly name?: string | null | undefined;
				/** A few servers send the arguments as an object, not as text. */
				readonly arguments?: string | JsonObject | null | undefined;
		  }
		| null
		| undefined;
};

export type DraftCall = {
	readonly index: number | undefined;
	id: string | undefined;
	name: string;
	argumentsText: string;
};

export type DraftCalls = {
	/** Takes a part in; the name of the call, when the part is the first that names it. */
	push(delta: CallDelta): string | undefined;
	/** In the order in which they began. */
	list(): readonly DraftCall[];
};

/**
 * Puts tool calls together. By the protocol each part has the index of its call, and the first one id
 * and name. Servers leave the index out or give all calls the same, repeat id and name in each
 * part (also empty, or another id each time), or send a call whole.
 */
export function createDraftCalls(): DraftCalls {
	const calls: DraftCall[] = [];
	return {
		push(delta) {
			const {id, function: called} = delta;
			const place = placeOf(calls, delta);
			const call =
				place !== undefined && !beginsAnother(place, delta)
					? place
					: {index: delta.index ?? undefined, id: undefined, name: '', argumentsText: ''};
			if (call !== place) {
				calls.push(call);
			}

			const isNamed = call.name === '' && Boolean(called?.name);
			call.id ??= id || undefined;
			call.name ||= called?.name ?? '';
			call.argumentsText += argumentsOf(delta);
			return isNamed ? call.name : undefined;
		},
		list: () => calls,
	};
}

function placeOf(calls: readonly DraftCall[], {index, id}: CallDelta): DraftCall | undefined {
	if (index !== null && index !== undefined) {
		return calls.findLast(call => call.index === index);
	}

	return id ? calls.findLast(call => call.id === id) : calls.at(-1);
}

/** Whether a part that names a tool is the beginning of one more call, not more of the one at its place. */
function beginsAnother(call: DraftCall, delta: CallDelta): boolean {
	const {id, function: called} = delta;
	if (!called?.name || call.name === '') {
		return false;
	}

	if (called.name !== call.name) {
		return true;
	}

	const text = argumentsOf(delta);
	if (text === '') {
		return call.argumentsText === '' && Boolean(id && call.id && id !== call.id);
	}

	return isWhole(call.argumentsText);
}

function isWhole(argumentsText: string): boolean {
	// The end alone tells mostly: a look at all of it for each part would take quadratic time.
	return /\}\s*$/.test(argumentsText.slice(-16)) && isJsonObject(parseJson(argumentsText));
}

/** The text of the arguments that a part brings. */
export function argumentsOf({function: called}: CallDelta): string {
	const given = called?.arguments ?? '';
	return typeof given === 'string' ? given : JSON.stringify(given);
}
