import type {RunEvent} from './run-event.ts';
import type {AgentDelta, Run} from './run.ts';

/** A piece of what happened before a view came: an event, or what an agent said. */
export type PastPiece = {readonly event: RunEvent} | {readonly delta: AgentDelta};

/** What happened in a run so far, in the order of its times: the events, and what some agents said. */
export async function* readPast(run: Run, agents: readonly string[]): AsyncIterable<PastPiece> {
	// Asked for in the same moment, so that what a replay gives fits together.
	const [events, ...said] = await Promise.all([
		run.past(),
		...agents.map(async agent =>
			(await run.transcript(agent)).map(({time, kind, text}) => ({
				time,
				delta: {agent, kind, text},
			})),
		),
	]);
	const lines = said.flat().sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
	let next = 0;
	for (const event of events) {
		for (let line = lines[next]; line && line.time < event.time; line = lines[next]) {
			yield {delta: line.delta};
			next += 1;
		}

		yield {event};
	}

	for (const {delta} of lines.slice(next)) {
		yield {delta};
	}
}
