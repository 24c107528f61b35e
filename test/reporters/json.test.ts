import {describe, expect, test} from 'vitest';
import {emptyRunState} from '../../source/core/run-state.ts';
import {createJsonReporter} from '../../source/reporters/json.ts';
import {everyEvent, placed, sampleReport} from '../core/every-event.ts';
import {createTextOutput} from './text-output.ts';

const state = emptyRunState();

describe('the JSON reporter', () => {
	test('prints every event as one line and nothing else', async () => {
		const output = createTextOutput();
		const reporter = createJsonReporter(output, {includeDeltas: false, now: () => 0});
		for (const event of everyEvent) {
			reporter.event(event, state);
			reporter.delta({agent: 'a', kind: 'text', text: 'x'});
		}

		await reporter.end(sampleReport, state);
		expect(output.text().endsWith('\n')).toBe(true);
		const lines = output.text().trimEnd().split('\n');
		expect(lines.map(line => JSON.parse(line) as unknown)).toEqual(everyEvent);
		expect(output.flushes()).toBe(1);
	});

	test('keeps an event on its line, whatever its text', () => {
		const output = createTextOutput();
		const event = placed({type: 'run-paused', reason: 'a\nb\r\u2028\u001B[2J"\\'});
		createJsonReporter(output, {includeDeltas: false, now: () => 0}).event(event, state);
		expect(output.text().split('\n')).toHaveLength(2);
		expect(output.text()).not.toContain('\u001B');
		expect(JSON.parse(output.text())).toEqual(event);
	});

	test('prints deltas when asked to, marked as such and without a place in the log', () => {
		const output = createTextOutput();
		const reporter = createJsonReporter(output, {includeDeltas: true, now: () => 0});
		const event = placed({type: 'run-paused', reason: 'x'});
		reporter.event(event, state);
		reporter.delta({agent: 'a', kind: 'thinking', text: 'x\ny'});
		expect(output.text().split('\n')[1]).toBe(
			`{"v":1,"type":"delta","run":"${event.run}","agent":"a","kind":"thinking","text":"x\\ny","time":"1970-01-01T00:00:00.000Z"}`,
		);
	});

	test('prints twice as much for twice the events, however large the state', () => {
		const bytesOf = (count: number) => {
			const output = createTextOutput();
			const reporter = createJsonReporter(output, {includeDeltas: true, now: () => 0});
			for (let seq = 1; seq <= count; seq++) {
				reporter.event(placed({type: 'run-paused', reason: 'x'}, 1_000 + seq), state);
				reporter.delta({agent: 'a', kind: 'text', text: 'x'});
			}

			return output.text().length;
		};

		expect(bytesOf(2_000)).toBe(2 * bytesOf(1_000));
	});
});
