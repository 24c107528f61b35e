import {describe, expect, test} from 'vitest';
import {createAgentLog} from '../../../source/present/log/agent-log.ts';
import {rowText} from '../../../source/present/text/row.ts';
import {finishedCall, startedCall, tell} from './log-events.ts';
import {rows} from './log-rows.ts';

describe('folding', () => {
	test('folds results until a person unfolds them', () => {
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

	test('shows a result whole where folding saves nothing', () => {
		const log = createAgentLog({width: 40});
		tell(log, startedCall('run_command', 'command', 'ls'));
		tell(log, finishedCall('exit code 0\na\nb\nc'));
		expect(log.length).toBe(5);
	});

	test('folds text too, and what comes after it stays readable', () => {
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

	test('folds and unfolds everything, and what comes', () => {
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

	test('does nothing where no line is', () => {
		const log = createAgentLog({width: 40});
		log.delta('text', 'a');
		const {version} = log;
		for (const line of [-1, 0, 1, 99]) {
			log.toggle(line);
		}
		expect(log.version).toBe(version);
	});
});
