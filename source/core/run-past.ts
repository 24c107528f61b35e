import type {RunEvent} from './run-event.ts';
import type {AgentDelta, Run} from './run.ts';
import {isSaidBefore} from './said-before.ts';

/** A piece of what happened before a view came: an event, or what an agent said. */
export type PastPiece = {readonly event: RunEvent} | {readonly delta: AgentDelta};

/** What happened in a run so far, in the order of its times: the events, and what some agents said. */
export async function* readPast(run: Run, agents: readonly string[]): AsyncIterable<PastPiece> {
	// Asked for in the same moment, so that what a replay gives fits together.
	const [events, ...said] = await Promise.all([
		run.past(),
		...agents.map(async agent =>
			(await run.transcript(agent)).map(line => ({delta: {agent, ...line}})),
		),
	]);
	yield* inOrder(
		events.map(event => ({event})),
		said.flat(),
	);
}

/** Events and what was said in the order of their times. */
export function inOrder(
	events: readonly {readonly event: RunEvent}[],
	said: readonly {readonly delta: AgentDelta}[],
): readonly PastPiece[] {
	const lines = said.toSorted((a, b) => compare(timeOf(a), timeOf(b)));
	const pieces: PastPiece[] = [];
	let next = 0;
	for (const piece of events) {
		for (
			let line = lines[next];
			line && isSaidBefore({time: timeOf(line)}, piece.event);
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
