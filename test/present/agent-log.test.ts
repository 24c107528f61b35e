import * as fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {createAgentLog, type AgentLog} from '../../source/present/agent-log.ts';
import {rowText, rowWidth, type Row} from '../../source/present/row.ts';
import {runEventSchema, type RunEventBody} from '../../source/core/run-event.ts';
import {everyEvent, placed, poisoned} from '../core/every-event.ts';
import {poison, unprintable} from '../core/hostile.ts';
import {cutAnywhere, hostileText} from './hostile-text.ts';
import {answerOf, finishedCall, scope, startedCall, tell, texts} from './log-events.ts';

describe('live text', () => {
	it('shows as it comes, wrapped once, in Markdown', () => {
		const log = createAgentLog({width: 20});
		log.delta('text', 'The **par');
		expect(shown(log)).toEqual(['The **par']);
		log.delta('text', 'ser** reads lines\nand');
		expect(shown(log)).toEqual(['The {heading:parser} reads', 'lines', 'and']);
		log.delta('text', ' more.\n');
		expect(shown(log)).toEqual(['The {heading:parser} reads', 'lines', 'and more.']);
		expect([log.length, log.dropped]).toEqual([3, 0]);
	});

	it('is quiet and as it is when it is thinking', () => {
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

	it('restarts a line at a return', () => {
		const log = createAgentLog({width: 20});
		log.delta('text', 'a\n10 %\r');
		expect(shown(log)).toEqual(['a', '10 %']);
		log.delta('text', '20 %');
		expect(shown(log)).toEqual(['a', '20 %']);
	});

	it('shows the same rows and numbers wherever it was cut', () => {
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
						if (looks) log.rows(0, log.length);
					}

					const once = createAgentLog({width: columns});
					once.delta(of, pieces.join(''));
					expect(rows(log)).toEqual(rows(once));
					expect(log.text()).toBe(once.text());
					log.event(placed(ends), texts);
					expect(rows(log)).toEqual(rows(once));
					const wider = createAgentLog({width: 60});
					wider.delta(of, pieces.join(''));
					if (looks) rows(wider);
					wider.setWidth(columns);
					expect(rows(wider)).toEqual(rows(once));
				},
			),
			{numRuns: 500},
		);
	});

	it('is wrapped once: what is above the open line is never made again', () => {
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

	it('is wrapped once where a line has no end', () => {
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

	it('keeps what it holds within bounds', () => {
		const log = createAgentLog({width: 40, capacity: 100});
		log.delta('text', 'y'.repeat(1_000_000));
		log.delta('text', '\nline'.repeat(100_000));
		expect(log.length).toBe(100);
		expect(log.text().length).toBeLessThan(100_000);
		expect(log.dropped + log.length).toBeGreaterThan(100_000);
		expect(rows(log).map(rowText)).toEqual(Array.from({length: 100}, () => 'line'));
		expect(log.rows(0, log.dropped)).toEqual([]);
	});

	it('keeps what it holds within bounds where most of it is folded', () => {
		const log = createAgentLog({width: 40});
		for (let call = 0; call < 20; call++) {
			tell(log, startedCall('run_command', 'command', 'ls'));
			tell(log, finishedCall('long line\n'.repeat(20_000)));
		}

		expect(log.text().length).toBeLessThan(4 * 1024 * 1024);
		expect(log.dropped).toBeGreaterThan(0);
	});

	it('is not torn by what happens meanwhile', () => {
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

	it('ends with its call, whatever was open in it', () => {
		const log = createAgentLog({width: 40});
		log.delta('text', '```\ncode \u001B]0;');
		tell(log, ends);
		log.delta('text', 'said **again**');
		expect(shown(log)).toEqual(['{quiet:```}', '{quiet:│ }code ', 'said {heading:again}']);
	});
});

describe('an answer', () => {
	it('is shown from the log when nobody heard it', () => {
		const log = createAgentLog({width: 40});
		tell(log, {...ends, answer: answerOf('I look\nat **it**.')});
		expect(shown(log)).toEqual(['I look', 'at {heading:it}.']);
	});

	it('is shown once when it was heard', () => {
		const log = createAgentLog({width: 40});
		log.delta('text', 'I look');
		tell(log, {...ends, answer: answerOf('I look')});
		expect(shown(log)).toEqual(['I look']);
		tell(log, {...ends, answer: answerOf('Again')});
		expect(shown(log)).toEqual(['I look', 'Again']);
	});

	it('is shown when only the thinking before it, or a call that failed, was heard', () => {
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

	it('is its first line where its text is not at hand, and nothing when it says nothing', () => {
		const log = createAgentLog({width: 40});
		tell(log, {...ends, said: 'I look.'});
		tell(log, {...ends, answer: answerOf(''), said: 'never'});
		tell(log, ends);
		expect(shown(log)).toEqual(['I look.']);
	});
});

describe('folding', () => {
	it('folds results until a person unfolds them', () => {
		const log = createAgentLog({width: 40});
		tell(log, startedCall('run_command', 'command', `npm test ${'x'.repeat(50)}`));
		tell(log, finishedCall('exit code 0\na\nb\nc\nd'));
		const folded = [
			'$ npm test xxxxxxxxxxxxxxxxxxxxxxxxxxxx…',
			'  ↳ exit code 0',
			'    a',
			'    b',
			'    … 2 more lines',
		];
		expect(rows(log).map(rowText)).toEqual(folded);
		const {version} = log;
		log.toggle(2);
		expect(log.version).toBeGreaterThan(version);
		expect(rows(log).map(rowText).slice(-5)).toEqual([
			'  ↳ exit code 0',
			'    a',
			'    b',
			'    c',
			'    d',
		]);
		log.toggle(2);
		expect(rows(log).map(rowText)).toEqual(folded);
	});

	it('shows a result whole where folding saves nothing', () => {
		const log = createAgentLog({width: 40});
		tell(log, startedCall('run_command', 'command', 'ls'));
		tell(log, finishedCall('exit code 0\na\nb\nc'));
		expect(log.length).toBe(5);
	});

	it('folds text too, and what comes after it stays readable', () => {
		const log = createAgentLog({width: 40});
		log.delta('text', '```\na\nb\nc\nd\nopen');
		log.toggle(1);
		expect(rows(log).map(rowText)).toEqual(['```', '│ a', '│ b', '… 2 more lines', '│ open']);
		log.toggle(4);
		expect(log.length).toBe(5);
		log.delta('text', ' line\n');
		log.toggle(3);
		expect(rows(log).map(rowText)).toEqual(['```', '│ a', '│ b', '│ c', '│ d', '│ open line']);
	});

	it('folds and unfolds everything, and what comes', () => {
		const log = createAgentLog({width: 40});
		const call = () => {
			tell(log, startedCall('run_command', 'command', 'ls'));
			tell(log, finishedCall('exit code 0\na\nb\nc\nd'));
		};
		log.delta('text', '1\n2\n3\n4\n5\n');
		call();
		log.foldAll(false);
		call();
		expect(log.length).toBe(5 + 6 + 6);
		log.foldAll(true);
		expect(log.length).toBe(4 + 5 + 5);
	});

	it('does nothing where no line is', () => {
		const log = createAgentLog({width: 40});
		log.delta('text', 'a');
		const {version} = log;
		for (const line of [-1, 0, 1, 99]) log.toggle(line);
		expect(log.version).toBe(version);
	});
});

describe('reading a log', () => {
	it('gives the rows that are asked for, by numbers that stay', () => {
		const log = createAgentLog({width: 40, capacity: 3});
		log.delta('text', 'zero\none\ntwo\nthree\nfo');
		expect(log.dropped).toBe(2);
		expect(log.rows(3, 1).map(rowText)).toEqual(['three']);
		log.delta('text', 'ur\nfive');
		expect(log.rows(3, 9).map(rowText)).toEqual(['three', 'four', 'five']);
	});

	it('finds the next line and marks what it found', () => {
		const log = createAgentLog({width: 40});
		log.delta('text', 'the Parser\n`pars`er\nnone\nparse');
		expect(log.find('parse', 1, 'forward')).toBe(1);
		expect(log.find('parse', 2, 'forward')).toBe(3);
		expect(log.find('PARSER', 2, 'forward')).toBe(0);
		expect(log.find('parser', 0, 'backward')).toBe(0);
		expect(log.find('none', 0, 'backward')).toBe(2);
		expect(log.find('absent', 0, 'forward')).toBeUndefined();
		const {version} = log;
		log.setQuery('parser');
		expect(log.version).toBeGreaterThan(version);
		expect(shown(log)).toEqual(['the {match:Parser}', '{match:pars}{match:er}', 'none', 'parse']);
		log.setQuery(undefined);
		expect(shown(log)[0]).toBe('the Parser');
	});

	it('has a version that grows with what can be seen only', () => {
		const log = createAgentLog({width: 40});
		const grows = (change: () => void) => {
			const {version} = log;
			change();
			return log.version > version;
		};
		expect(grows(() => log.delta('text', 'a'))).toBe(true);
		expect(grows(() => log.setQuery('a'))).toBe(true);
		expect(grows(() => log.setQuery('a'))).toBe(false);
		expect(grows(() => log.delta('text', '\u001B[3'))).toBe(false);
		expect(grows(() => tell(log, {type: 'agent-resumed', ...scope}))).toBe(false);
		expect(grows(() => tell(log, startedCall('search', 'read', '"x" in .')))).toBe(true);
		expect(grows(() => tell(log, finishedCall('a.ts:1: x')))).toBe(true);
		expect(grows(() => log.setWidth(40))).toBe(false);
		expect(grows(() => log.setWidth(50))).toBe(true);
		expect(grows(() => log.rows(0, log.length))).toBe(false);
	});

	it('gives all that is held as it came', () => {
		const log = createAgentLog({width: 12});
		log.delta('text', '# Plan\n\tindented **and** long enough to wrap\n');
		tell(log, startedCall('run_command', 'command', 'ls'));
		tell(log, finishedCall('exit code 0\na\nb\nc\nd'));
		log.delta('text', 'open');
		expect(log.text()).toBe(
			'# Plan\n\tindented **and** long enough to wrap\n$ ls\n    exit code 0\n    a\n    b\n    c\n    d\nopen',
		);
	});

	it('wraps anew at another width, and takes none that is too narrow', () => {
		const log = createAgentLog({width: 40});
		log.delta('text', 'one two three four\n```\nx = 1');
		log.setWidth(12);
		expect(rows(log).map(rowText)).toEqual(['one two', 'three four', '```', '│ x = 1']);
		log.setWidth(1);
		expect(log.length).toBe(4);
	});

	it('never shows a row that is too wide, nor anything that a terminal acts on', () => {
		const hostile = everyEvent.map(event => runEventSchema.parse(poisoned(event, poison)));
		const event = fc.constantFrom(...everyEvent, ...hostile);
		const step = fc.oneof(event, hostileText, fc.constant('toggle' as const));
		fc.assert(
			fc.property(
				fc.array(step, {maxLength: 20}),
				fc.integer({min: 1, max: 80}),
				(steps, width) => {
					const log = createAgentLog({width, capacity: 50});
					for (const [index, one] of steps.entries()) {
						if (one === 'toggle') log.toggle(log.dropped + (index % Math.max(1, log.length)));
						else if (typeof one === 'string') log.delta(index % 3 === 0 ? 'thinking' : 'text', one);
						else log.event(one, () => answerOf(`diff --git a b\n@@ -1 +1 @@\n-a${poison}\n+b`));
					}

					const held = rows(log);
					expect(held.length).toBe(log.length);
					expect(log.length).toBeLessThanOrEqual(50);
					for (const row of held) {
						expect(rowWidth(row)).toBeLessThanOrEqual(Math.max(12, width));
						expect(rowText(row)).not.toMatch(unprintable);
						expect(rowText(row)).not.toMatch(/[\n\t]/);
					}

					expect(log.text()).not.toMatch(unprintable);
				},
			),
			{numRuns: 300},
		);
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

function rows(log: AgentLog): readonly Row[] {
	return log.rows(log.dropped, log.length);
}

/** Rows with `{tone:…}` around what is not plain. */
function shown(log: AgentLog): readonly string[] {
	return rows(log).map(row =>
		row.map(({text, tone}) => (tone === 'plain' ? text : `{${tone}:${text}}`)).join(''),
	);
}
