import {describe, expect, test} from 'vitest';
import type {HistoryEntry} from '../../source/core/run-history.ts';
import type {Payload} from '../../source/core/payload.ts';
import {createLogFeed} from '../../source/session/log-feed.ts';
import {placed} from '../core/every-event.ts';

const blob = {blob: 'ab'.repeat(32), bytes: 9_000};

function said(text: string): HistoryEntry {
	return {delta: {agent: 'alice', kind: 'text', text}};
}

function finished(result: Payload): HistoryEntry {
	return {
		event: placed({
			type: 'tool-call-finished',
			agent: 'alice',
			call: 't1',
			ok: true,
			result,
			durationMs: 1,
		}),
	};
}

/** A feed that writes down what comes out of it, and whose texts a test gives. */
function feedOf() {
	const taken: string[] = [];
	const asked: PromiseWithResolvers<string>[] = [];
	const feed = createLogFeed({
		async read() {
			const text = Promise.withResolvers<string>();
			asked.push(text);
			return text.promise;
		},
		take(piece, texts) {
			taken.push(
				'event' in piece
					? `event ${piece.event.type === 'tool-call-finished' ? texts(piece.event.result) : ''}`
					: piece.delta.text,
			);
		},
	});
	return {feed, taken, asked};
}

async function settle(): Promise<void> {
	for (let round = 0; round < 10; round++) {
		await Promise.resolve();
	}
}

describe('what happens, on its way into a log', () => {
	test('goes in at once where nothing has to be read', () => {
		const {feed, taken, asked} = feedOf();
		feed.add(said('one'));
		feed.add(finished('short'));
		expect(taken).toEqual(['one', 'event short']);
		expect(asked).toEqual([]);
	});

	test('waits for a text that has to be read, and all that follows waits behind it', async () => {
		const {feed, taken, asked} = feedOf();
		feed.add(finished(blob));
		feed.add(said('two'));
		feed.add(finished(blob));
		feed.add(said('four'));
		expect(taken).toEqual([]);
		asked[0]?.resolve('first');
		await settle();
		expect(taken).toEqual(['event first', 'two']);
		feed.add(said('five'));
		asked[1]?.resolve('second');
		await settle();
		expect(taken).toEqual(['event first', 'two', 'event second', 'four', 'five']);
		feed.add(said('six'));
		expect(taken.at(-1)).toBe('six');
	});

	test('goes on without a text that cannot be read', async () => {
		const {feed, taken, asked} = feedOf();
		feed.add(finished(blob));
		feed.add(said('two'));
		asked[0]?.reject(new Error('gone'));
		await settle();
		expect(taken).toEqual(['event undefined', 'two']);
	});

	test('comes out no more once the feed was stopped', async () => {
		const {feed, taken, asked} = feedOf();
		feed.add(finished(blob));
		feed.add(said('two'));
		feed.stop();
		asked[0]?.resolve('first');
		await settle();
		feed.add(said('three'));
		expect(taken).toEqual([]);
	});

	test('is not read where it is long past', () => {
		const {feed, taken, asked} = feedOf();
		feed.addWithoutText(finished(blob));
		expect(taken).toEqual(['event undefined']);
		expect(asked).toEqual([]);
	});
});
