import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {readHistory, type HistoryEntry} from '../../source/core/run-history.ts';
import type {RunEvent} from '../../source/core/run-event.ts';
import type {TranscriptLine} from '../../source/core/run.ts';
import {placed} from './every-event.ts';
import {literalRun} from '../helpers/ui-run.ts';

/** Events stand at whole seconds. */
function at(seconds: number): string {
	return new Date(Date.UTC(2026, 10, 22, 10, 0, 0) + seconds * 1_000).toISOString();
}

function line(seconds: number, text: string): TranscriptLine {
	return {time: at(seconds), kind: 'text', text};
}

async function pastOf(
	events: readonly RunEvent[],
	transcripts: Readonly<Record<string, readonly TranscriptLine[]>>,
): Promise<readonly HistoryEntry[]> {
	const run = {...literalRun({transcripts}), events: async () => events};
	return all(readHistory(run, Object.keys(transcripts)));
}

async function all(past: AsyncIterable<HistoryEntry>): Promise<readonly HistoryEntry[]> {
	const pieces: HistoryEntry[] = [];
	for await (const piece of past) {
		pieces.push(piece);
	}

	return pieces;
}

function shown(piece: HistoryEntry): string {
	return 'event' in piece
		? `event ${piece.event.seq}`
		: `${piece.delta.agent}: ${piece.delta.text}`;
}

test('what agents said stands between the events around it', async () => {
	const events = [1, 2, 3].map(seq => placed({type: 'run-unpaused'}, seq));
	const pieces = await pastOf(events, {
		alice: [line(0.5, 'before'), line(2.5, 'between'), line(9, 'after')],
		bob: [line(2.4, 'a little earlier')],
	});
	expect(pieces.map(shown)).toEqual([
		'alice: before',
		'event 1',
		'event 2',
		'bob: a little earlier',
		'alice: between',
		'event 3',
		'alice: after',
	]);
});

test('what was said at the time of an event comes after it', async () => {
	const pieces = await pastOf([placed({type: 'run-unpaused'}, 1)], {alice: [line(1, 'now')]});
	expect(pieces.map(shown)).toEqual(['event 1', 'alice: now']);
});

test('only those agents are read that were asked for', async () => {
	const run = literalRun({transcripts: {alice: [line(1, 'hello')], bob: [line(1, 'hi')]}});
	const pieces = await all(readHistory(run, ['bob']));
	expect(pieces.map(shown)).toEqual(['bob: hi']);
});

test('nothing is lost, doubled or put out of its own order', async () => {
	const seconds = fc.array(fc.integer({min: 0, max: 12}), {maxLength: 15});
	await fc.assert(
		fc.asyncProperty(seconds, seconds, fc.nat(10), async (alice, bob, count) => {
			const sorted = (times: readonly number[]) => times.toSorted((a, b) => a - b);
			const events = Array.from({length: count}, (_, index) =>
				placed({type: 'run-unpaused'}, index + 1),
			);
			const transcripts = {
				alice: sorted(alice).map((second, index) => line(second, `${index}`)),
				bob: sorted(bob).map((second, index) => line(second, `${index}`)),
			};
			const pieces = (await pastOf(events, transcripts)).map(shown);
			expect(pieces.filter(piece => piece.startsWith('event'))).toEqual(
				events.map(({seq}) => `event ${seq}`),
			);
			for (const [agent, lines] of Object.entries(transcripts)) {
				expect(pieces.filter(piece => piece.startsWith(agent))).toEqual(
					lines.map(({text}) => `${agent}: ${text}`),
				);
			}
		}),
		{numRuns: 100},
	);
});
