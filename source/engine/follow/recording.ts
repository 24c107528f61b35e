import type {RunEvent} from '../../core/run-event.ts';
import type {AgentDelta, TranscriptLine} from '../../core/run.ts';
import {precedesEvent} from '../../core/transcript-order.ts';

export type RecordedPiece =
	| {readonly kind: 'event'; readonly event: RunEvent}
	| {readonly kind: 'delta'; readonly delta: AgentDelta};

/** A cursor over a recorded run: its events, interleaved with the agents' transcripts. */
export type Recording = {
	/** `seq` of the last event taken, at least 1. */
	seq(): number;
	/** When the next piece was recorded, in ms since 1970; `undefined` at the end. */
	nextTime(): number | undefined;
	take(): RecordedPiece | undefined;
	/** Moves just past an event and everything said before it. */
	moveTo(seq: number): void;
	/** What an agent has said so far. */
	said(agent: string): readonly TranscriptLine[];
};

/** @param events the complete log, not empty; not copied */
export function createRecording(
	events: readonly RunEvent[],
	transcripts: ReadonlyMap<string, readonly TranscriptLine[]>,
): Recording {
	const tracks = [...transcripts].map(([agent, lines]) => ({agent, lines, next: 0}));
	let next = 1;

	const firstTrack = () => {
		let first: {track: (typeof tracks)[number]; line: TranscriptLine; time: number} | undefined;
		for (const track of tracks) {
			const line = track.lines[track.next];
			const time = line ? Date.parse(line.time) : Number.POSITIVE_INFINITY;
			if (line && (!first || time < first.time)) {
				first = {track, line, time};
			}
		}

		return first;
	};

	const nextEvent = () => {
		const event = events[next];
		return event && {event, time: Date.parse(event.time)};
	};

	const moveTo = (seq: number) => {
		next = seq;
		const time = Date.parse(events[seq - 1]?.time ?? '');
		for (const track of tracks) {
			track.next = countUntil(track.lines, time);
		}
	};

	moveTo(1);
	return {
		seq: () => next,
		moveTo,
		nextTime() {
			const times = [nextEvent()?.time, firstTrack()?.time].filter(time => time !== undefined);
			return times.length === 0 ? undefined : Math.min(...times);
		},
		take() {
			const event = nextEvent();
			const said = firstTrack();
			if (said && (!event || precedesEvent(said.line, event.event))) {
				said.track.next += 1;
				const {kind, text} = said.line;
				return {kind: 'delta', delta: {agent: said.track.agent, kind, text}};
			}

			if (!event) {
				return undefined;
			}

			next += 1;
			return {kind: 'event', event: event.event};
		},
		said(agent) {
			const track = tracks.find(({agent: name}) => name === agent);
			return track?.lines.slice(0, track.next) ?? [];
		},
	};
}

/** Number of lines up to a time, by binary search. */
function countUntil(lines: readonly TranscriptLine[], time: number): number {
	let low = 0;
	let high = lines.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (Date.parse(lines[middle]?.time ?? '') <= time) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}

	return low;
}
