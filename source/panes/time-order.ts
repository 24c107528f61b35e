import type {RunEvent} from '../core/run-event.ts';
import type {TranscriptLine} from '../core/run.ts';
import {precedesEvent} from '../core/transcript-order.ts';

/** Something of an agent: what happened to it, or what it said. */
export type TimedPiece = {readonly event: RunEvent} | {readonly said: TranscriptLine};

/** Puts events and what an agent says, which come by different ways, in the order of their times. */
export type TimeOrder = {
	event(event: RunEvent): void;
	said(line: TranscriptLine): void;
	/**
	 * What happened up to the latest that was there at the call before: whatever came between two calls
	 * is waited for once more, so that what is late by less than that still finds its place.
	 */
	take(): readonly TimedPiece[];
	/** All that is left. */
	takeAll(): readonly TimedPiece[];
};

/** Both ways keep their own order. Of equal times, what was said comes before the end of its call. */
export function createTimeOrder(): TimeOrder {
	const events: RunEvent[] = [];
	const lines: TranscriptLine[] = [];
	let latest = '';
	let settled = '';
	const arrive = (time: string) => {
		latest = time > latest ? time : latest;
	};
	const takeUntil = (time: string): readonly TimedPiece[] => {
		const pieces: TimedPiece[] = [];
		let [happened, told] = [0, 0];
		for (;;) {
			const event = events[happened];
			const line = lines[told];
			const saysFirst = line !== undefined && (event === undefined || precedesEvent(line, event));
			if (saysFirst && line.time <= time) {
				pieces.push({said: line});
				told++;
			} else if (!saysFirst && event !== undefined && event.time <= time) {
				pieces.push({event});
				happened++;
			} else {
				events.splice(0, happened);
				lines.splice(0, told);
				return pieces;
			}
		}
	};

	return {
		event(event) {
			events.push(event);
			arrive(event.time);
		},
		said(line) {
			lines.push(line);
			arrive(line.time);
		},
		take() {
			const pieces = takeUntil(settled);
			settled = latest;
			return pieces;
		},
		takeAll: () => takeUntil(latest),
	};
}
