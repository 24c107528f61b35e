import {createHash} from 'node:crypto';
import {inlinePayloadBytes, type Payload} from './run-event.ts';

/** Name of a blob: the SHA-256 (hex) of its UTF-8 bytes. */
export function blobName(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}

/** Text as stored in an event: inline if short, otherwise the name of its blob. */
export function payloadOf(text: string): Payload {
	return Buffer.byteLength(text) <= inlinePayloadBytes ? text : blobOf(text);
}

/** The payload of a text that is stored as a blob, even if short. */
export function blobOf(text: string): Exclude<Payload, string> {
	return {blob: blobName(text), bytes: Buffer.byteLength(text)};
}
