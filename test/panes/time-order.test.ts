import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {RunEvent} from '../../source/core/run-event.ts';
import {createTimeOrder, type TimedPiece} from '../../source/panes/time-order.ts';
import {everyEvent} from '../core/every-event.ts';

describe('the order of events and text', () => {
	test('is that of their times, whatever comes first', () => {
		const order = createTimeOrder();
		order.event(event('model-call-started', 1));
		order.event(event('model-call-finished', 4));
		order.event(event('tool-call-started', 5));
		order.said(said('hel', 2));
		order.said(said('lo', 3));
		expect(order.takeAll().map(shown)).toEqual([
			'model-call-started',
			'hel',
			'lo',
			'model-call-finished',
			'tool-call-started',
		]);
		expect(order.takeAll()).toEqual([]);
	});

	test('has what was said in the millisecond of an event before the end of its call only', () => {
		const order = createTimeOrder();
		order.said(said('hello', 1));
		order.event(event('tool-call-finished', 1));
		order.event(event('model-call-started', 1));
		order.event(event('model-call-finished', 1));
		order.event(event('tool-call-started', 1));
		expect(order.takeAll().map(shown)).toEqual([
			'tool-call-finished',
			'model-call-started',
			'hello',
			'model-call-finished',
			'tool-call-started',
		]);
	});

	test('waits once for what is late', () => {
		const order = createTimeOrder();
		order.event(event('model-call-finished', 3));
		expect(order.take()).toEqual([]);
		order.said(said('late', 2));
		order.event(event('tool-call-started', 4));
		expect(order.take().map(shown)).toEqual(['late', 'model-call-finished']);
		order.said(said('too late', 1));
		expect(order.take().map(shown)).toEqual(['too late', 'tool-call-started']);
		expect(order.take()).toEqual([]);
	});

	test('loses and doubles nothing, and turns nothing of one kind around', () => {
		const times = fc.array(fc.nat(20)).map(list => list.toSorted((a, b) => a - b));
		fc.assert(
			fc.property(times, times, fc.array(fc.boolean()), (events, lines, takes) => {
				const order = createTimeOrder();
				const taken: TimedPiece[] = [];
				for (const [index, time] of events.entries()) {
					order.event({...event('run-unpaused', time), seq: index + 1});
					if (takes[index] === true) {
						taken.push(...order.take());
					}
				}

				for (const [index, time] of lines.entries()) {
					order.said(said(String(index), time));
					if (takes[index] === true) {
						taken.push(...order.take());
					}
				}

				taken.push(...order.takeAll());
				expect(taken.flatMap(piece => ('event' in piece ? [piece.event.seq] : []))).toEqual(
					events.map((_, index) => index + 1),
				);
				expect(taken.flatMap(piece => ('said' in piece ? [piece.said.text] : []))).toEqual(
					lines.map((_, index) => String(index)),
				);
			}),
		);
	});
});

function event(type: RunEvent['type'], ms: number): RunEvent {
	const found = everyEvent.find(one => one.type === type);
	if (!found) {
		throw new Error(`there is no example of ${type}`);
	}

	return {...found, time: timeOf(ms)};
}

function said(text: string, ms: number) {
	return {time: timeOf(ms), kind: 'text', text} as const;
}

function timeOf(ms: number): string {
	return new Date(Date.UTC(2026, 10, 22) + ms).toISOString();
}

function shown(piece: TimedPiece): string {
	return 'event' in piece ? piece.event.type : piece.said.text;
}
