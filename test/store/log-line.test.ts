import {describe, expect, test} from 'vitest';
import {decodeEventLine, encodeEventLine} from '../../source/store/log-line.ts';
import {paused, recordedRun} from '../helpers/store-events.ts';
import {crc32} from 'node:zlib';

const keep = (text: string) => text;

describe('a line of the log', () => {
	test('is one JSON object whose last field is the checksum of the rest', () => {
		const event = paused({run: 'calm-river', seq: 2}, 'Größe\n"x"');
		const line = encodeEventLine(event, keep);
		const json = JSON.stringify(event);
		const crc = crc32(json).toString(16).padStart(8, '0');
		expect(line).toBe(`${json.slice(0, -1)},"crc":"${crc}"}\n`);
		expect(JSON.parse(line)).toEqual({...event, crc});
	});

	test('reads back as the event, without the checksum', () => {
		for (const event of recordedRun('calm-river', 20)) {
			expect(decode(encodeEventLine(event, keep))).toEqual({kind: 'event', event});
		}
	});

	test('is broken when a byte or the checksum differs, or is missing', () => {
		const line = encodeEventLine(paused({run: 'calm-river', seq: 2}), keep);
		expect(decode(line.replace('pause 2', 'pause 3'))).toEqual({kind: 'broken'});
		expect(decode(line.replace(/[0-9a-f]{8}"}\n/, letters => letters.toUpperCase()))).toEqual({
			kind: 'broken',
		});
		expect(decode('{"v":1}\n')).toEqual({kind: 'broken'});
		expect(decode('\n')).toEqual({kind: 'broken'});
	});

	test('tells a newer format from an invalid event', () => {
		const event = paused({run: 'calm-river', seq: 2});
		expect(decode(lineOf({...event, type: 'agent-teleported'}))).toEqual({
			kind: 'newer',
			detail: 'type agent-teleported',
		});
		expect(decode(lineOf({...event, v: 2}))).toEqual({kind: 'newer', detail: 'format 2'});
		expect(decode(lineOf({...event, reason: 5}))).toMatchObject({
			kind: 'invalid',
			detail: expect.stringContaining('reason'),
		});
		expect(decode(lineOf({not: 'an event'}))).toMatchObject({kind: 'invalid'});
	});
});

function decode(line: string) {
	const bytes = Buffer.from(line);
	return decodeEventLine(bytes, 0, bytes.length - 1);
}

/** A line as another version would have written it. */
function lineOf(value: object): string {
	const json = JSON.stringify(value);
	return `${json.slice(0, -1)},"crc":"${crc32(json).toString(16).padStart(8, '0')}"}\n`;
}
