import type {z} from 'zod';
import {isJsonObject, parseJson, type Json} from '../../core/json.ts';
import {classifyErrorEvent, endpointFailure} from '../failures/classify.ts';
import type {Endpoint} from './endpoint.ts';
import {maxEventLength} from './limits.ts';
import type {ProviderError} from '../provider.ts';

/** The body of a `Response`. */
type Bytes = AsyncIterable<Uint8Array> | null;

/**
 * The JSON of a server-sent event stream; `[DONE]` becomes `undefined`. Throws on an error event
 * and on data that is not JSON. An event without its closing blank line is ignored.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export async function* readEvents(
	body: Bytes,
	endpoint: Endpoint,
): AsyncGenerator<Json | undefined> {
	let data: string[] = [];
	let length = 0;
	let event = '';
	for await (const line of readLines(body, endpoint)) {
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

/** The lines of an NDJSON stream as text, each checked like in `readEvents`. */
export async function* readCheckedLines(
	body: Bytes,
	endpoint: Endpoint,
): AsyncGenerator<Uint8Array> {
	const encoder = new TextEncoder();
	for await (const line of readLines(body, endpoint)) {
		if (line.trim() === '') {
			continue;
		}

		const value = parseLine(line, endpoint);
		if (!isJsonObject(value)) {
			throw endpointFailure(
				endpoint,
				'transient',
				'a part of the stream does not match the protocol',
			);
		}

		// The package treats any `error` field as an error.
		const {error, ...rest} = value;
		yield encoder.encode(`${error === undefined ? line : JSON.stringify(rest)}\n`);
	}
}

/** Parses a wire value by its schema. */
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
	throw endpointFailure(endpoint, 'transient', `${where} does not match the protocol`);
}

function parseLine(text: string, endpoint: Endpoint, isError = false): Json {
	const value = parseJson(text);
	if (value === undefined && !isError) {
		throw endpointFailure(endpoint, 'transient', 'a part of the stream is not JSON');
	}

	if (isError || (isJsonObject(value) && (value['error'] ?? null) !== null)) {
		throw classifyErrorEvent(endpoint, value ?? text);
	}

	return value ?? null;
}

/**
 * The lines of a body; characters may be split across chunks. An incomplete last line is dropped.
 * Takes time proportional to the bytes, however they are chunked.
 */
async function* readLines(body: Bytes, endpoint: Endpoint): AsyncGenerator<string> {
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
	return endpointFailure(
		endpoint,
		'output-cut',
		`one event of more than ${maxEventLength} characters`,
	);
}

/** The text of a body, up to `maxBytes`. */
export async function readText(body: Bytes, maxBytes: number): Promise<string> {
	const parts: string[] = [];
	await readInto(parts, body, maxBytes);
	return parts.join('');
}

/** Like `readText`, for a body that merely explains a known failure: errors just end it early. */
export async function readErrorText(body: Bytes, maxBytes: number): Promise<string> {
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
