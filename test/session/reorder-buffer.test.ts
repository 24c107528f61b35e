import {expect, onTestFinished, test, vi} from 'vitest';
import type {HistoryEntry} from '../../source/core/run-history.ts';
import {createReorderBuffer} from '../../source/session/reorder-buffer.ts';
import {placed} from '../core/every-event.ts';

/** Events stand at whole seconds after 10 o'clock. */
const said = (seconds: number, text: string): HistoryEntry => ({
	delta: {
		agent: 'alice',
		kind: 'text',
		text,
		time: new Date(Date.UTC(2026, 10, 22, 10, 0, 0) + seconds * 1_000).toISOString(),
	},
});
const happened = (seq: number): HistoryEntry => ({event: placed({type: 'run-unpaused'}, seq)});

function holdBack() {
	vi.useFakeTimers();
	onTestFinished(() => {
		vi.useRealTimers();
	});
	const given: string[] = [];
	const late = createReorderBuffer(piece => {
		given.push('event' in piece ? `event ${piece.event.seq}` : piece.delta.text);
	});
	return {given, late};
}

test('what is said late stands where it was said', () => {
	const {given, late} = holdBack();
	late.add(happened(1));
	late.add(happened(2));
	late.add(said(1.5, 'between'));
	expect(given).toEqual([]);
	vi.advanceTimersByTime(250);
	expect(given).toEqual(['event 1', 'between', 'event 2']);
});

test('what comes after that is given on later, and nothing after the end', () => {
	const {given, late} = holdBack();
	late.add(happened(1));
	vi.advanceTimersByTime(250);
	late.add(said(3, 'later'));
	vi.advanceTimersByTime(250);
	late.add(happened(4));
	late.stop();
	vi.advanceTimersByTime(1_000);
	expect(given).toEqual(['event 1', 'later']);
});
