import {isJsonObject, parseJson, type Json, type JsonObject} from '../../core/json.ts';
import {createExtraFields, extraFieldsOf, type ExtraFields} from '../transport/extra-fields.ts';

/** A part of a tool call, as in chunks of chat completions; servers add fields of their own. */
export type CallDelta = {
	readonly index?: number | null | undefined;
	readonly id?: string | null | undefined;
	readonly function?:
		| {
				readonly name?: string | null | undefined;
				/** A few servers send the arguments as an object instead of text. */
				readonly arguments?: Json | undefined;
		  }
		| null
		| undefined;
};

export type DraftCall = {
	readonly index: number | undefined;
	id: string | undefined;
	name: string;
	argumentsText: string;
	/** To be sent back with the call. */
	readonly extra: ExtraFields;
};

export type DraftCalls = {
	/** Adds a part; returns the call's name if this part is the first to name it. */
	push(delta: CallDelta): string | undefined;
	/** In order of their start. */
	list(): readonly DraftCall[];
};

/**
 * Assembles tool calls. By the protocol, each part has the index of its call, and the first one has
 * id and name. Servers omit the index or use the same for all calls, repeat id and name in each
 * part (even empty, or with another id each time), or send a complete call.
 */
export function createDraftCalls(): DraftCalls {
	const calls: DraftCall[] = [];
	return {
		push(delta) {
			const {id, function: called} = delta;
			const place = findCall(calls, delta);
			const call =
				place !== undefined && !startsNewCall(place, delta)
					? place
					: {
							index: delta.index ?? undefined,
							id: undefined,
							name: '',
							argumentsText: '',
							extra: createExtraFields(),
						};
			if (call !== place) {
				calls.push(call);
			}

			const isNamed = call.name === '' && Boolean(called?.name);
			call.id ??= id || undefined;
			call.name ||= called?.name ?? '';
			call.argumentsText += argumentsOf(delta);
			call.extra.add(extraFieldsOf(delta as JsonObject, callFields));
			return isNamed ? call.name : undefined;
		},
		list: () => calls,
	};
}

const callFields: ReadonlySet<string> = new Set(['function', 'id', 'index', 'type']);

function findCall(calls: readonly DraftCall[], {index, id}: CallDelta): DraftCall | undefined {
	if (index !== null && index !== undefined) {
		return calls.findLast(call => call.index === index);
	}

	return id ? calls.findLast(call => call.id === id) : calls.at(-1);
}

/**
 * Whether a part that names a tool starts a new call rather than continuing the one at its index.
 */
function startsNewCall(call: DraftCall, delta: CallDelta): boolean {
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

	return isComplete(call.argumentsText);
}

function isComplete(argumentsText: string): boolean {
	// The end is usually enough: parsing everything for each part would take quadratic time.
	return /\}\s*$/.test(argumentsText.slice(-16)) && isJsonObject(parseJson(argumentsText));
}

/** The text of the arguments in a part. */
export function argumentsOf({function: called}: CallDelta): string {
	const given = called?.arguments ?? '';
	return typeof given === 'string' ? given : JSON.stringify(given);
}
