import type {z} from 'zod';
import {parseJson, type Json} from '../../core/json.ts';
import {isJsonObject} from './call-parts.ts';
import {classifyErrorEvent, failureAt} from '../failures/classify.ts';
import type {Endpoint} from './endpoint.ts';
import {maxEventLength} from './limits.ts';
import type {ProviderError} from '../provider.ts';

/** The body of a `Response`. */
type Bytes = AsyncIterable<Uint8Array> | null;

/**
 * The JSON of the events of a server-sent stream; `[DONE]` comes as `undefined`. Throws for an
 * error event and for data that is not JSON. An event without its closing blank line does not
 * count. https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export async function* eventsOf(body: Bytes, endpoint: Endpoint): AsyncGenerator<Json | undefined> {
	let data: string[] = [];
	let length = 0;
	let event = '';
	for await (const line of linesOf(body, endpoint)) {
		const [field, value] = fieldOf(line);
		if (field === 'data') {
			length += value.length;
			if (length > maxEventLength) {
				throw tooLong(endpoint);
			}

			data.push(value);
		} else if (field === 'event') {
			event = value;
		} else if (line === '' && data.length > 0) {
			const text = data.join('\n');
			yield text.startsWith('[DONE]') ? undefined : parseLine(text, endpoint, event === 'error');
			data = [];
			length = 0;
			event = '';
		}
	}
}

function fieldOf(line: string): readonly [field: string, value: string] {
	const colon = line.indexOf(':');
	if (colon === -1) {
		return [line, ''];
	}

	return [line.slice(0, colon), line.slice(line.charAt(colon + 1) === ' ' ? colon + 2 : colon + 1)];
}

/** The lines of an NDJSON stream, each checked as `eventsOf` does, still as text. */
export async function* checkedLinesOf(body: Bytes, endpoint: Endpoint): AsyncGenerator<Uint8Array> {
	const encoder = new TextEncoder();
	for await (const line of linesOf(body, endpoint)) {
		if (line.trim() === '') {
			continue;
		}

		const value = parseLine(line, endpoint);
		if (!isJsonObject(value)) {
			throw failureAt(endpoint, 'transient', 'a part of the stream is not what the protocol says');
		}

		// The package takes any `error` for one.
		const {error, ...rest} = value;
		yield encoder.encode(`${error === undefined ? line : JSON.stringify(rest)}\n`);
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

/**
 * The lines of a body; characters may be split over chunks. A last line that was cut is left out.
 * Takes time in proportion to the bytes, however they are cut into chunks.
 */
async function* linesOf(body: Bytes, endpoint: Endpoint): AsyncGenerator<string> {
	const decoder = new TextDecoder();
	let rest = '';
	for await (const chunk of body ?? []) {
		const text = decoder.decode(chunk, {stream: true});
		let start = 0;
		for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
			const line = rest + text.slice(start, end);
			yield line.endsWith('\r') ? line.slice(0, -1) : line;
			rest = '';
			start = end + 1;
		}

		rest += text.slice(start);
		if (rest.length > maxEventLength) {
			throw tooLong(endpoint);
		}
	}

	if (parseJson(rest) !== undefined) {
		yield rest;
	}
}

function tooLong(endpoint: Endpoint): ProviderError {
	return failureAt(endpoint, 'output-cut', `one event of more than ${maxEventLength} characters`);
}

/** The text of a body, to its first `maxBytes`. */
export async function textOf(body: Bytes, maxBytes: number): Promise<string> {
	const parts: string[] = [];
	await readInto(parts, body, maxBytes);
	return parts.join('');
}

/** `textOf` for a body that only explains what is known already: a broken one ends early. */
export async function startOf(body: Bytes, maxBytes: number): Promise<string> {
	const parts: string[] = [];
	await readInto(parts, body, maxBytes).catch(() => {});
	return parts.join('');
}

async function readInto(parts: string[], body: Bytes, maxBytes: number): Promise<void> {
	const decoder = new TextDecoder();
	let room = maxBytes;
	for await (const chunk of body ?? []) {
		parts.push(decoder.decode(chunk.subarray(0, room), {stream: true}));
		room -= chunk.length;
		if (room <= 0) {
			return;
		}
	}
}
