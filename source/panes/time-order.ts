import type {RunEvent} from '../core/run-event.ts';
import type {TranscriptLine} from '../core/run.ts';
import {precedesEvent} from '../core/transcript-order.ts';

/** An event of an agent, or a line of its transcript. */
export type TimedPiece = {readonly event: RunEvent} | {readonly said: TranscriptLine};

/** Merges events and transcript lines, which arrive separately, in order of time. */
export type TimeOrder = {
	event(event: RunEvent): void;
	said(line: TranscriptLine): void;
	/**
	 * Takes everything up to the latest time known at the previous call, so that a piece that is late
	 * by less than the interval between calls is still in order.
	 */
	take(): readonly TimedPiece[];
	/** Takes everything that is left. */
	takeAll(): readonly TimedPiece[];
};

/** Each source keeps its own order. At equal times, text comes before the end of its call. */
export function createTimeOrder(): TimeOrder {
	const events: RunEvent[] = [];
	const lines: TranscriptLine[] = [];
	let latest = '';
	let settled = '';
	const noteTime = (time: string) => {
		latest = time > latest ? time : latest;
	};
	const takeUntil = (time: string): readonly TimedPiece[] => {
		const pieces: TimedPiece[] = [];
		let [eventsTaken, linesTaken] = [0, 0];
		for (;;) {
			const event = events[eventsTaken];
			const line = lines[linesTaken];
			const isLineFirst = line !== undefined && (event === undefined || precedesEvent(line, event));
			if (isLineFirst && line.time <= time) {
				pieces.push({said: line});
				linesTaken++;
			} else if (!isLineFirst && event !== undefined && event.time <= time) {
				pieces.push({event});
				eventsTaken++;
			} else {
				events.splice(0, eventsTaken);
				lines.splice(0, linesTaken);
				return pieces;
			}
		}
	};

	return {
		event(event) {
			events.push(event);
			noteTime(event.time);
		},
		said(line) {
			lines.push(line);
			noteTime(line.time);
		},
		take() {
			const pieces = takeUntil(settled);
			settled = latest;
			return pieces;
		},
		takeAll: () => takeUntil(latest),
	};
}
