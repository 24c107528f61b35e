import type {z} from 'zod';
import {parseJson, type Json} from '../core/json.ts';
import {isJsonObject} from './calls.ts';
import {classifyErrorEvent, failureAt} from './classify.ts';
import type {Endpoint} from './endpoint.ts';

/** The body of a `Response`. */
type Bytes = AsyncIterable<Uint8Array> | null;

/**
 * The JSON of the events of a server-sent stream; `[DONE]` comes as `undefined`. Throws for an
 * error event and for data that is not JSON. An event without its closing blank line does not
 * count. https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export async function* eventsOf(body: Bytes, endpoint: Endpoint): AsyncGenerator<Json | undefined> {
	let data: string[] = [];
	let event = '';
	for await (const line of linesOf(body)) {
		const [, field, value = ''] = /^([a-z]*):? ?(.*)$/.exec(line) ?? [];
		if (field === 'data') {
			data.push(value);
		} else if (field === 'event') {
			event = value;
		} else if (line === '' && data.length > 0) {
			const text = data.join('\n');
			yield text.startsWith('[DONE]') ? undefined : parseLine(text, endpoint, event === 'error');
			data = [];
			event = '';
		}
	}
}

/** The lines of an NDJSON stream, each checked as `eventsOf` does, still as text. */
export async function* checkedLinesOf(body: Bytes, endpoint: Endpoint): AsyncGenerator<Uint8Array> {
	const encoder = new TextEncoder();
	for await (const line of linesOf(body)) {
		if (line.trim() !== '') {
			parseLine(line, endpoint);
			yield encoder.encode(`${line}\n`);
		}
	}
}

/** A value of the wire as its schema says. */
export function parseWire<Value>(
	schema: z.ZodType<Value>,
	value: unknown,
	endpoint: Endpoint,
): Value {
	const parsed = schema.safeParse(value);
	if (parsed.success) {
		return parsed.data;
	}

	const [issue] = parsed.error.issues;
	const where = issue?.path.join('.') || 'the answer';
	throw failureAt(endpoint, 'transient', `${where} is not what the protocol says`);
}

function parseLine(text: string, endpoint: Endpoint, isError = false): Json {
	const value = parseJson(text);
	if (value === undefined && !isError) {
		throw failureAt(endpoint, 'transient', 'a part of the stream is not JSON');
	}

	if (isError || (isJsonObject(value) && (value['error'] ?? null) !== null)) {
		throw classifyErrorEvent(endpoint, value ?? text);
	}

	return value ?? null;
}

/** The lines of a body; characters may be split over chunks. A last line that was cut is left out. */
async function* linesOf(body: Bytes): AsyncGenerator<string> {
	const decoder = new TextDecoder();
	let rest = '';
	for await (const chunk of body ?? []) {
		const lines = (rest + decoder.decode(chunk, {stream: true})).split(/\r?\n/);
		rest = lines.pop() ?? '';
		yield* lines;
	}

	if (parseJson(rest) !== undefined) {
		yield rest;
	}
}
