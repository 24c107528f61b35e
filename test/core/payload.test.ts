import {createHash} from 'node:crypto';
import {expect, test} from 'vitest';
import {blobName, payloadOf} from '../../source/core/payload.ts';
import {inlinePayloadBytes, payloadSchema} from '../../source/core/payload.ts';

test('short text stays in its event, up to 8 KiB of UTF-8', () => {
	for (const text of ['', 'a'.repeat(8_192), 'ä'.repeat(4_096), '😀'.repeat(2_048)]) {
		expect(payloadOf(text)).toBe(text);
	}
});

test('longer text becomes the name of its blob, with its length in bytes', () => {
	for (const text of ['a'.repeat(inlinePayloadBytes + 1), 'ä'.repeat(4_097)]) {
		const payload = payloadOf(text);
		const blob = createHash('sha256').update(Buffer.from(text, 'utf8')).digest('hex');
		expect(payload).toEqual({blob, bytes: Buffer.byteLength(text)});
		expect(payloadSchema.parse(payload)).toEqual(payload);
		expect(blobName(text)).toBe(blob);
	}
});

test('a name of a blob that could be a path is no payload', () => {
	for (const blob of ['../../etc/passwd', 'A'.repeat(64), 'a'.repeat(63)]) {
		expect(payloadSchema.safeParse({blob, bytes: 1}).success).toBe(false);
	}
});
