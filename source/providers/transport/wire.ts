import {z} from 'zod';
import {isJsonObject, parseJson, type Json, type JsonObject} from '../../core/json.ts';
import {classifyErrorEvent, classifyUnexpectedBody, endpointFailure} from '../failures/classify.ts';
import type {Endpoint} from './endpoint.ts';
import {maxEventLength} from './limits.ts';
import type {ProviderError} from '../provider.ts';

/** The body of a `Response`. */
type Bytes = AsyncIterable<Uint8Array> | null;

/**
 * The JSON of a server-sent event stream; `[DONE]` becomes `undefined`. Throws on an error event
 * and on broken JSON; data that is not JSON at all is a keep-alive. An event without its closing blank
 * line is ignored. https://html.spec.whatwg.org/multipage/server-sent-events.html
 *
 * A server that ignores `stream` sends one JSON document in place of events, which is passed on if it is
 * an answer.
 */
export async function* readEvents(
	body: Bytes,
	endpoint: Endpoint,
	isAnswer: (value: JsonObject) => boolean = () => false,
): AsyncGenerator<Json | undefined> {
	let data: string[] = [];
	let length = 0;
	let event = '';
	/** The lines of a JSON document. */
	let document: string[] | undefined;
	for await (const line of readLines(body, endpoint, () => document !== undefined)) {
		if (document || (data.length === 0 && /^\s*[[{]/.test(line))) {
			length += line.length;
			if (length > maxEventLength) {
				throw tooLong(endpoint);
			}

			document ??= [];
			document.push(line);
			continue;
		}

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
			const isError = event === 'error';
			data = [];
			length = 0;
			event = '';
			if (text.startsWith('[DONE]')) {
				yield undefined;
			} else if (isError || !isKeepAlive(text)) {
				yield parseLine(text, endpoint, isError);
			}
		}
	}

	if (document) {
		yield* readDocument(document, endpoint, isAnswer);
	}
}

/** A document, or several, one a line. */
function* readDocument(
	lines: readonly string[],
	endpoint: Endpoint,
	isAnswer: (value: JsonObject) => boolean,
): Generator<Json> {
	const whole = parseJson(lines.join('\n'));
	const values =
		whole === undefined ? lines.filter(line => !isKeepAlive(line)).map(parseJson) : [whole];
	for (const value of values) {
		if (!isJsonObject(value) || !isAnswer(value)) {
			throw classifyUnexpectedBody(endpoint, lines.join('\n'));
		}

		yield value;
	}
}

/** Empty, or a word like `ping`. */
function isKeepAlive(text: string): boolean {
	return !/^\s*["[{]/.test(text);
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
	for await (const given of readLines(body, endpoint)) {
		const line = given.replace(/^data:\s*/, '');
		if (isKeepAlive(line) || line.startsWith('[DONE]')) {
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

	if (isError || isErrorEvent(value)) {
		throw classifyErrorEvent(endpoint, value ?? text);
	}

	return value ?? null;
}

/** Also vLLM's `{"object": "error", "message": …}`; an empty `error` says that there is none. */
function isErrorEvent(value: Json | undefined): boolean {
	if (!isJsonObject(value)) {
		return false;
	}

	const {error, object, message, choices} = value;
	const isNone = !error || (isJsonObject(error) && Object.keys(error).length === 0);
	return (
		!isNone ||
		object === 'error' ||
		(typeof message === 'string' && 'code' in value && choices === undefined)
	);
}

/** A number of tokens; a few servers send it as text, and no oddity of it is worth an answer. */
export const tokenCount = z
	.union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
	.nullish()
	.catch(undefined);

/**
 * The lines of a body; characters may be split across chunks. An incomplete last line is dropped, unless
 * `keepsRest`. Takes time proportional to the bytes, however they are chunked.
 */
async function* readLines(
	body: Bytes,
	endpoint: Endpoint,
	keepsRest: () => boolean = () => false,
): AsyncGenerator<string> {
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

	if (keepsRest() || parseJson(rest) !== undefined) {
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
