import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {runEventSchema} from '../../../source/core/run-event.ts';
import {createAgentLog} from '../../../source/present/log/agent-log.ts';
import {rowText, rowWidth} from '../../../source/present/text/row.ts';
import {everyEvent, poisoned} from '../../core/every-event.ts';
import {poison, unprintable} from '../../core/hostile.ts';
import {hostileText} from './hostile-text.ts';
import {answerOf, finishedCall, scope, startedCall, tell} from './log-events.ts';
import {rows, shown} from './log-rows.ts';

describe('reading a log', () => {
	test('gives the rows that are asked for, by numbers that stay', () => {
		const log = createAgentLog({width: 40, capacity: 3});
		log.delta('text', 'zero\none\ntwo\nthree\nfo');
		expect(log.dropped).toBe(2);
		expect(log.rows(3, 1).map(rowText)).toEqual(['three']);
		log.delta('text', 'ur\nfive');
		expect(log.rows(3, 9).map(rowText)).toEqual(['three', 'four', 'five']);
	});

	test('finds the next line and marks what it found', () => {
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

	test('has a version that grows with what can be seen only', () => {
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

	test('gives all that is held as it came', () => {
		const log = createAgentLog({width: 12});
		log.delta('text', '# Plan\n\tindented **and** long enough to wrap\n');
		tell(log, startedCall('run_command', 'command', 'ls'));
		tell(log, finishedCall('exit code 0\na\nb\nc\nd'));
		log.delta('text', 'open');
		expect(log.text()).toBe(
			'# Plan\n\tindented **and** long enough to wrap\n$ ls\n    exit code 0\n    a\n    b\n    c\n    d\nopen',
		);
	});

	test('wraps anew at another width, and takes none that is too narrow', () => {
		const log = createAgentLog({width: 40});
		log.delta('text', 'one two three four\n```\nx = 1');
		log.setWidth(12);
		expect(rows(log).map(rowText)).toEqual(['one two', 'three four', '```', '│ x = 1']);
		log.setWidth(1);
		expect(log.length).toBe(4);
	});

	test('never shows a row that is too wide, nor anything that a terminal acts on', () => {
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
						if (one === 'toggle') {
							log.toggle(log.dropped + (index % Math.max(1, log.length)));
						} else if (typeof one === 'string') {
							log.delta(index % 3 === 0 ? 'thinking' : 'text', one);
						} else {
							log.event(one, () => answerOf(`diff --git a b\n@@ -1 +1 @@\n-a${poison}\n+b`));
						}
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
