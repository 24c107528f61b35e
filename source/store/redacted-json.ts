import type {Redact} from '../core/redact.ts';
import {isJsonList, isJsonObject, parseJson, type Json, type JsonObject} from '../core/json.ts';
import {type RunEvent, runEventSchema} from '../core/run-event.ts';

/**
 * An event as redacted JSON: the last line of defense after redaction of input.
 *
 * The result is always JSON of a valid event with the same envelope. Strings are redacted by value,
 * because escapes hide multi-line secrets in the JSON text; then the entire text is, for patterns
 * that include a field's name. Strings that the schema requires (a hash, a kind) are kept.
 */
export function redactedJson(event: RunEvent, redact: Redact): string {
	const json = JSON.stringify(event);
	if (redact(json) === json && !(json.includes('\\') && hasEscapedSecret(event, redact))) {
		return json;
	}

	const original = parseJson(json) ?? null;
	const byValue = restoreRequired(redactStrings(original, redact), original, event);
	const text = parseJson(redact(JSON.stringify(byValue)));
	const byText = text === undefined ? byValue : restoreRequired(text, original, event);
	return JSON.stringify(runEventSchema.safeParse(byText).success ? byText : byValue);
}

function hasEscapedSecret(value: unknown, redact: Redact): boolean {
	if (typeof value === 'string') {
		return hasEscape(value) && redact(value) !== value;
	}
	return (
		typeof value === 'object' &&
		value !== null &&
		Object.values(value).some(field => hasEscapedSecret(field, redact))
	);
}

function hasEscape(text: string): boolean {
	return JSON.stringify(text).length !== text.length + 2;
}

function redactStrings(value: Json, redact: Redact): Json {
	if (typeof value === 'string') {
		return redact(value);
	}
	if (isJsonList(value)) {
		return value.map(item => redactStrings(item, redact));
	}
	return isJsonObject(value) ? mapFields(value, field => redactStrings(field, redact)) : value;
}

/**
 * The redacted event with the original's envelope, and its original parts where the schema requires
 * them.
 */
function restoreRequired(redacted: Json, original: Json, event: RunEvent): Json {
	const {v, seq, time, run, epoch, type} = event;
	const placed = {...(isJsonObject(redacted) ? redacted : {}), v, seq, time, run, epoch, type};
	const issues = runEventSchema.safeParse(placed).error?.issues ?? [];
	return issues.reduce<Json>((value, issue) => restoreAt(value, original, issue.path), placed);
}

/** The value with the original's part at a path. */
function restoreAt(value: Json, original: Json, path: readonly PropertyKey[]): Json {
	const [key, ...rest] = path;
	if (isJsonList(value) && isJsonList(original) && typeof key === 'number') {
		return value.map((item, index) =>
			index === key ? restoreAt(item, original[index] ?? null, rest) : item,
		);
	}

	if (isJsonObject(value) && isJsonObject(original) && typeof key === 'string') {
		return {...value, [key]: restoreAt(value[key] ?? null, original[key] ?? null, rest)};
	}

	return original;
}

function mapFields(record: JsonObject, map: (field: Json) => Json): Json {
	return Object.fromEntries(Object.entries(record).map(([key, field]) => [key, map(field)]));
}
