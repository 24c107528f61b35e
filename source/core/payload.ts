import {createHash} from 'node:crypto';
import {z} from 'zod';

export const blobSchema = z
	.object({blob: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.number().int()})
	.meta({
		id: 'Blob',
		description: 'A text that is stored apart, named by its SHA-256: `show RUN --blob HASH`.',
	});

/** Text of an event: inline, or in a blob named by its SHA-256 if over 8 KiB. */
export const payloadSchema = z.union([z.string(), blobSchema]).meta({
	id: 'Text',
	description: 'A string; if over 8 KiB, a blob, except with --full.',
});

export type Payload = z.infer<typeof payloadSchema>;

/** The text of a blob; `undefined` if it is missing. */
export type ReadBlob = (hash: string) => Promise<string | undefined>;

/** Stands for a text that the store has lost. */
export const missingText = '[this text is missing from the store]';

/** The whole text of a payload, or `missingText`. */
export async function readText(payload: Payload, readBlob: ReadBlob): Promise<string> {
	return typeof payload === 'string' ? payload : ((await readBlob(payload.blob)) ?? missingText);
}

/** Payloads of more UTF-8 bytes are stored as blobs. */
export const inlinePayloadBytes = 8 * 1024;

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
