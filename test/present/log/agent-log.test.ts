import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {RunEventBody} from '../../../source/core/run-event.ts';
import {createAgentLog} from '../../../source/present/log/agent-log.ts';
import {rowText, type Row} from '../../../source/present/text/row.ts';
import {placed} from '../../core/every-event.ts';
import {cutAnywhere, hostileText} from './hostile-text.ts';
import {answerOf, finishedCall, scope, startedCall, tell, texts} from './log-events.ts';
import {rows, shown} from './log-rows.ts';

describe('live text', () => {
	test('shows as it comes, wrapped once, in Markdown', () => {
		const log = createAgentLog({width: 20});
		log.delta('text', 'The **par');
		expect(shown(log)).toEqual(['The **par']);
		log.delta('text', 'ser** reads lines\nand');
		expect(shown(log)).toEqual(['The {heading:parser} reads', 'lines', 'and']);
		log.delta('text', ' more.\n');
		expect(shown(log)).toEqual(['The {heading:parser} reads', 'lines', 'and more.']);
		expect([log.length, log.dropped]).toEqual([3, 0]);
	});

	test('is quiet and as it is when it is thinking', () => {
		const log = createAgentLog({width: 20});
		log.delta('thinking', 'Is **this**\n- right?');
		log.delta('text', 'Yes.');
		log.delta('thinking', 'Good.');
		expect(shown(log)).toEqual([
			'{quiet:Is **this**}',
			'{quiet:- right?}',
			'Yes.',
			'{quiet:Good.}',
		]);
	});

	test('restarts a line at a return', () => {
		const log = createAgentLog({width: 20});
		log.delta('text', 'a\n10 %\r');
		expect(shown(log)).toEqual(['a', '10 %']);
		log.delta('text', '20 %');
		expect(shown(log)).toEqual(['a', '20 %']);
	});

	test('shows the same rows and numbers wherever it was cut', () => {
		const kind = fc.constantFrom('text' as const, 'thinking' as const);
		const width = fc.integer({min: 12, max: 40});
		fc.assert(
			fc.property(
				cutAnywhere(hostileText),
				kind,
				width,
				fc.boolean(),
				(pieces, of, columns, looks) => {
					const log = createAgentLog({width: columns});
					for (const piece of pieces) {
						log.delta(of, piece);
						if (looks) {
							log.rows(0, log.length);
						}
					}

					const once = createAgentLog({width: columns});
					once.delta(of, pieces.join(''));
					expect(rows(log)).toEqual(rows(once));
					expect(log.text()).toBe(once.text());
					log.event(placed(ends), texts);
					expect(rows(log)).toEqual(rows(once));
					const wider = createAgentLog({width: 60});
					wider.delta(of, pieces.join(''));
					if (looks) {
						rows(wider);
					}
					wider.setWidth(columns);
					expect(rows(wider)).toEqual(rows(once));
				},
			),
			{numRuns: 500},
		);
	});

	test('is wrapped once: what is above the open line is never made again', () => {
		const log = createAgentLog({width: 40});
		log.delta('text', `${'One line of the text.\n'.repeat(50)}open`);
		const before = rows(log);
		for (let piece = 0; piece < 100; piece++) {
			log.delta('text', ' and more\n');
		}

		const after = rows(log);
		expect(after.slice(0, 50).every((row, index) => row === before[index])).toBe(true);
		expect(after.length).toBe(150);
	});

	test('is wrapped once where a line has no end', () => {
		const log = createAgentLog({width: 40, capacity: 100_000});
		let known: readonly Row[] = [];
		for (let piece = 0; piece < 250; piece++) {
			log.delta('text', 'x'.repeat(4_000));
			const next = rows(log);
			const made = next.filter((row, index) => row !== known[index]).length;
			expect(made).toBeLessThanOrEqual((4_000 + 2 * 4_096) / 40);
			known = next;
		}

		expect(known.length).toBeGreaterThanOrEqual(25_000);
		expect(log.text()).toBe('x'.repeat(1_000_000));
	});

	test('keeps what it holds within bounds', () => {
		const log = createAgentLog({width: 40, capacity: 100});
		log.delta('text', 'y'.repeat(1_000_000));
		log.delta('text', '\nline'.repeat(100_000));
		expect(log.length).toBe(100);
		expect(log.text().length).toBeLessThan(100_000);
		expect(log.dropped + log.length).toBeGreaterThan(100_000);
		expect(rows(log).map(rowText)).toEqual(Array.from({length: 100}, () => 'line'));
		expect(log.rows(0, log.dropped)).toEqual([]);
	});

	test('keeps what it holds within bounds where most of it is folded', () => {
		const log = createAgentLog({width: 40});
		for (let call = 0; call < 20; call++) {
			tell(log, startedCall('run_command', 'command', 'ls'));
			tell(log, finishedCall('long line\n'.repeat(20_000)));
		}

		expect(log.text().length).toBeLessThan(4 * 1024 * 1024);
		expect(log.dropped).toBeGreaterThan(0);
	});

	test('is not torn by what happens meanwhile', () => {
		const log = createAgentLog({width: 40});
		log.delta('text', '```\ncode\nhalf a');
		tell(log, {type: 'message-sent', message: 'm', from: 'lead', to: 'bob', text: 'Hurry'});
		log.delta('text', ' line\n');
		expect(rows(log).map(rowText)).toEqual([
			'```',
			'│ code',
			'lead → bob',
			'  ↳ Hurry',
			'│ half a line',
		]);
		log.setWidth(50);
		expect(rows(log).map(rowText)[4]).toBe('│ half a line');
		log.toggle(2);
		expect(log.length).toBe(5);
	});

	test('ends with its call, whatever was open in it', () => {
		const log = createAgentLog({width: 40});
		log.delta('text', '```\ncode \u001B]0;');
		tell(log, ends);
		log.delta('text', 'said **again**');
		expect(shown(log)).toEqual(['{quiet:```}', '{quiet:│ }code ', 'said {heading:again}']);
	});
});

describe('an answer', () => {
	test('is shown from the log when nobody heard it', () => {
		const log = createAgentLog({width: 40});
		tell(log, {...ends, answer: answerOf('I look\nat **it**.')});
		expect(shown(log)).toEqual(['I look', 'at {heading:it}.']);
	});

	test('is shown once when it was heard', () => {
		const log = createAgentLog({width: 40});
		log.delta('text', 'I look');
		tell(log, {...ends, answer: answerOf('I look')});
		expect(shown(log)).toEqual(['I look']);
		tell(log, {...ends, answer: answerOf('Again')});
		expect(shown(log)).toEqual(['I look', 'Again']);
	});

	test('is shown when only the thinking before it, or a call that failed, was heard', () => {
		const log = createAgentLog({width: 40});
		log.delta('thinking', 'Hm');
		tell(log, {...ends, answer: answerOf('I look')});
		expect(shown(log)).toEqual(['{quiet:Hm}', 'I look']);
		log.delta('text', 'I wr');
		tell(log, {
			type: 'model-call-failed',
			...scope,
			call: 'c',
			failure: {kind: 'transient', message: 'gone'},
			try: 1,
		});
		tell(log, {...ends, answer: answerOf('I write')});
		expect(rows(log).slice(2).map(rowText)).toEqual(['I wr', 'gone [transient]', 'I write']);
	});

	test('is its first line where its text is not at hand, and nothing when it says nothing', () => {
		const log = createAgentLog({width: 40});
		tell(log, {...ends, said: 'I look.'});
		tell(log, {...ends, answer: answerOf(''), said: 'never'});
		tell(log, ends);
		expect(shown(log)).toEqual(['I look.']);
	});
});

const ends: Extract<RunEventBody, {type: 'model-call-finished'}> = {
	type: 'model-call-finished',
	...scope,
	call: 'call-1',
	request: 'x',
	model: 'm',
	answer: {blob: '0'.repeat(64), bytes: 1},
	stopReason: 'end',
	usage: {
		input: 1,
		cacheRead: null,
		cacheWrite: null,
		output: 1,
		reasoning: null,
		estimated: false,
	},
	durationMs: 1,
};
