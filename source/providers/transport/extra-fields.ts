import {isJsonList, isJsonObject, parseJson, type Json, type JsonObject} from '../../core/json.ts';

/** Collects fields that only the server knows, from the pieces of a stream. */
export type ExtraFields = {
	add(fields: JsonObject): void;
	/** Everything so far; `undefined` if there is nothing. */
	value(): JsonObject | undefined;
};

/**
 * Signatures and the like that have to go back as they came, or the server rejects the next request.
 * Pieces are joined as servers send them: objects field by field, items of lists by their `index`
 * (without one: with the last item of their type), running texts one after the other. Any other value
 * replaces the earlier one, except by `null`.
 * https://openrouter.ai/docs/use-cases/reasoning-tokens#preserving-reasoning-blocks
 */
export function createExtraFields(): ExtraFields {
	const fields: Draft = Object.create(null);
	return {
		add(piece) {
			merge(fields, piece);
		},
		value() {
			const plain = parseJson(JSON.stringify(fields));
			return isJsonObject(plain) && Object.keys(plain).length > 0 ? plain : undefined;
		},
	};
}

/** The fields of a message or call that the protocol does not define. */
export function extraFieldsOf(value: JsonObject, known: ReadonlySet<string>): JsonObject {
	return Object.fromEntries(
		Object.entries(value).filter(([name, field]) => !known.has(name) && field !== null),
	);
}

/** Without a prototype, so that any name is just a field. */
type Draft = {[name: string]: DraftValue};
type DraftValue = Draft | DraftValue[] | string | number | boolean | null;

/** Texts that are streamed in pieces; other texts come complete. */
const runningTexts: ReadonlySet<string> = new Set([
	'arguments',
	'content',
	'data',
	'reasoning',
	'reasoning_content',
	'summary',
	'text',
	'thinking',
]);

function merge(target: Draft, piece: JsonObject): void {
	for (const [name, value] of Object.entries(piece)) {
		const before = target[name];
		if (value === null) {
			target[name] = before ?? null;
		} else if (isJsonObject(value)) {
			const inner = isDraft(before) ? before : emptyDraft();
			target[name] = inner;
			merge(inner, value);
		} else if (isJsonList(value)) {
			const items = Array.isArray(before) ? before : [];
			target[name] = items;
			value.forEach(item => addItem(items, item));
		} else if (typeof value === 'string' && typeof before === 'string' && runningTexts.has(name)) {
			target[name] = before + value;
		} else {
			target[name] = value === '' ? (before ?? '') : value;
		}
	}
}

function addItem(items: DraftValue[], item: Json): void {
	if (!isJsonObject(item)) {
		items.push(isJsonList(item) ? [] : item);
		return;
	}

	const before = itemOf(items, item);
	const target = before ?? emptyDraft();
	if (before === undefined) {
		items.push(target);
	}

	merge(target, item);
}

/** The item that a piece continues. A signature closes an item without an index. */
function itemOf(items: readonly DraftValue[], {index, type}: JsonObject): Draft | undefined {
	if (typeof index === 'number') {
		return items.findLast(
			(item): item is Draft => isDraft(item) && item['index'] === index && item['type'] === type,
		);
	}

	const last = items.at(-1);
	return isDraft(last) && last['type'] === type && !last['signature'] && !('index' in last)
		? last
		: undefined;
}

function isDraft(value: DraftValue | undefined): value is Draft {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function emptyDraft(): Draft {
	return Object.create(null);
}
