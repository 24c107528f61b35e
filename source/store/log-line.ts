import {crc32} from 'node:zlib';
import {z} from 'zod';
import {parseJson} from '../core/json.ts';
import {type RunEvent, runEventSchema} from '../core/run-event.ts';
import type {Redact} from '../core/redact.ts';
import {redactedJson} from './redacted-json.ts';

/** A decoded log line: an event, or what is wrong with it. */
export type EventLine =
	| {readonly kind: 'event'; readonly event: RunEvent}
	/** The checksum does not match. */
	| {readonly kind: 'broken'}
	/** The line is intact, but this version does not understand it. */
	| {readonly kind: 'newer'; readonly detail: string}
	| {readonly kind: 'invalid'; readonly detail: string};

/**
 * One event as a line: its JSON with a last field `crc`, the CRC-32 (8 hex digits) of the UTF-8
 * JSON without that field, and a newline. Secrets are redacted.
 */
export function encodeEventLine(event: RunEvent, redact: Redact): string {
	const json = redactedJson(event, redact);
	return `${json.slice(0, -1)}${crcField(crc32(json))}\n`;
}

/** Decodes the line in `bytes` from `start` up to its newline at `end`. */
export function decodeEventLine(bytes: Buffer, start: number, end: number): EventLine {
	const body = end - crcFieldLength;
	if (body <= start) {
		return {kind: 'broken'};
	}
	const sum = crc32(closingBrace, crc32(bytes.subarray(start, body)));
	if (bytes.toString('latin1', body, end) !== crcField(sum)) {
		return {kind: 'broken'};
	}

	const json = parseJson(bytes.toString('utf8', start, end));
	const event = runEventSchema.safeParse(json);
	return event.success ? {kind: 'event', event: event.data} : unreadable(json, event.error.issues);
}

const closingBrace = Buffer.from('}');
const crcFieldLength = ',"crc":"01234567"}'.length;
const kindSchema = z.object({v: z.number(), type: z.string()});
const knownTypes = new Set<string>(runEventSchema.options.map(option => option.shape.type.value));

function crcField(sum: number): string {
	return `,"crc":"${sum.toString(16).padStart(8, '0')}"}`;
}

function unreadable(
	json: unknown,
	issues: ReadonlyArray<{readonly path: readonly PropertyKey[]; readonly message: string}>,
): EventLine {
	const kind = kindSchema.safeParse(json).data;
	if (kind && kind.v !== 1) {
		return {kind: 'newer', detail: `format ${kind.v}`};
	}
	if (kind && !knownTypes.has(kind.type)) {
		return {kind: 'newer', detail: `type ${kind.type}`};
	}
	const issue = issues[0];
	return {kind: 'invalid', detail: `${issue?.path.join('.')}: ${issue?.message}`};
}
