import {describe, expect, test} from 'vitest';
import type {RunEvent} from '../../source/core/run-event.ts';
import {precedesEvent} from '../../source/core/transcript-order.ts';
import {everyEvent} from './every-event.ts';

describe('what was said', () => {
	test('comes before what happened later, and behind what happened before', () => {
		expect(precedesEvent({time: at(1)}, event('tool-call-started', 2))).toBe(true);
		expect(precedesEvent({time: at(2)}, event('tool-call-started', 1))).toBe(false);
	});

	test('comes in the same millisecond before the end of its call, however that ended, and nothing else', () => {
		expect(precedesEvent({time: at(1)}, event('model-call-finished', 1))).toBe(true);
		expect(precedesEvent({time: at(1)}, event('model-call-failed', 1))).toBe(true);
		expect(precedesEvent({time: at(1)}, event('model-call-started', 1))).toBe(false);
		expect(precedesEvent({time: at(1)}, event('tool-call-started', 1))).toBe(false);
	});
});

function at(second: number): string {
	return new Date(second * 1_000).toISOString();
}

function event(type: RunEvent['type'], second: number): RunEvent {
	const found = everyEvent.find(one => one.type === type);
	if (!found) {
		throw new Error(`no ${type}`);
	}

	return {...found, time: at(second)};
}
