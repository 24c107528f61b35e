import type {RunEvent} from './run-event.ts';
import type {AgentDelta, Run} from './run.ts';
import {precedesEvent} from './transcript-order.ts';

/** An entry of a run's history: an event, or text of an agent. */
export type HistoryEntry = {readonly event: RunEvent} | {readonly delta: AgentDelta};

/** A run's history in order of time: its events, and the text of some agents. */
export async function* readHistory(
	run: Run,
	agents: readonly string[],
): AsyncIterable<HistoryEntry> {
	// Requested at the same moment, so that the parts of a replay match.
	const [events, ...said] = await Promise.all([
		run.events(),
		...agents.map(async agent =>
			(await run.transcript(agent)).map(line => ({delta: {agent, ...line}})),
		),
	]);
	yield* mergeByTime(
		events.map(event => ({event})),
		said.flat(),
	);
}

/** Merges events and text by time. */
export function mergeByTime(
	events: readonly {readonly event: RunEvent}[],
	said: readonly {readonly delta: AgentDelta}[],
): readonly HistoryEntry[] {
	const lines = said.toSorted((a, b) => compare(timeOf(a), timeOf(b)));
	const pieces: HistoryEntry[] = [];
	let next = 0;
	for (const piece of events) {
		for (
			let line = lines[next];
			line && precedesEvent({time: timeOf(line)}, piece.event);
			line = lines[next]
		) {
			pieces.push(line);
			next += 1;
		}

		pieces.push(piece);
	}

	return [...pieces, ...lines.slice(next)];
}

function timeOf({delta}: {readonly delta: AgentDelta}): string {
	return delta.time ?? '';
}

function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
