import {describe, expect, test, vi} from 'vitest';
import {runEventSchema} from '../../source/core/run-event.ts';
import type {RunEvent} from '../../source/core/run-event.ts';
import {redactedJson} from '../../source/store/redacted-json.ts';
import {paused, runStarted} from '../helpers/store-events.ts';

describe('redacted JSON of an event', () => {
	test('is the plain JSON when there is nothing to hide', () => {
		const event = paused({run: 'calm-river', seq: 2}, 'two\nlines');
		expect(redactedJson(event, text => text)).toBe(JSON.stringify(event));
	});

	test('asks once for an event without escapes', () => {
		const redact = vi.fn((text: string) => text);
		redactedJson(paused({run: 'calm-river', seq: 2}, 'plain'), redact);
		expect(redact).toHaveBeenCalledOnce();
	});

	test('hides a secret that JSON escapes', () => {
		const key = '-----BEGIN KEY-----\nabc\\"def\n-----END KEY-----';
		const redact = (text: string) => text.replaceAll(key, '[secret]');
		const event = paused({run: 'calm-river', seq: 2}, `here: ${key}.`);
		expect(parsed(event, redact)).toEqual({...event, reason: 'here: [secret].'});
	});

	test('hides a secret that is known by the name of its field', () => {
		const redact = (text: string) => text.replaceAll(/"token":"[^"]*"/g, '"token":"[secret]"');
		const event: RunEvent = {
			...paused({run: 'calm-river', seq: 2}),
			type: 'subtask-completed',
			subtask: 's',
			attempt: 1,
			summary: 'done',
			outputs: {token: 'hunter2'},
		};
		expect(redactedJson(event, redact)).not.toContain('hunter2');
		expect(parsed(event, redact)).toMatchObject({outputs: {token: '[secret]'}});
	});

	test('stays a valid event with its place when the redactor hits everything', () => {
		const blob = 'ab'.repeat(32);
		const event = runStarted('calm-river', {blob, bytes: 9});
		for (const redact of [
			(text: string) => text.replaceAll(/[a-z0-9-]+/g, '[secret]'),
			(text: string) => text.replaceAll(/[{}":]/g, ''),
			() => '',
			() => '[secret]',
			(text: string) => text.replaceAll(blob, '[secret]').replaceAll('calm-river', '[secret]'),
		]) {
			const {seq, time, run, epoch, type} = event;
			expect(parsed(event, redact)).toMatchObject({seq, time, run, epoch, type, task: {blob}});
		}
	});
});

function parsed(event: RunEvent, redact: (text: string) => string): RunEvent {
	return runEventSchema.parse(JSON.parse(redactedJson(event, redact)));
}
