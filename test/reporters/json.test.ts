import {describe, expect, test} from 'vitest';
import {applyEvent} from '../../source/core/fold.ts';
import {emptyRunState} from '../../source/core/run-state.ts';
import {createJsonReporter} from '../../source/reporters/json.ts';
import {everyEvent, placed, sampleReport} from '../core/every-event.ts';
import {createTextOutput} from './text-output.ts';

const state = emptyRunState();

describe('the JSON reporter', () => {
	test('prints every event as one line and nothing else: as logged, but with the plan as JSON', async () => {
		const output = createTextOutput();
		const reporter = createJsonReporter(output, {includeDeltas: false, now: () => 0});
		for (const event of everyEvent) {
			reporter.event(event, state);
			reporter.delta({agent: 'a', kind: 'text', text: 'x'});
		}

		await reporter.end(sampleReport, state);
		expect(output.text().endsWith('\n')).toBe(true);
		const lines = output.text().trimEnd().split('\n');
		const plan = {
			summary: '',
			subtasks: [expect.objectContaining({id: 'parse', dependsOn: [], join: 'all'})],
			checks: [],
		};
		expect(lines.map(line => JSON.parse(line) as unknown)).toEqual(
			everyEvent.map(event => (event.type === 'plan-proposed' ? {...event, plan} : event)),
		);
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

	test('prints texts whole when it can read them, in order, and leaves what it cannot read to its hash', async () => {
		const output = createTextOutput();
		const plan = JSON.stringify({subtasks: [{id: 'a', title: 'A', instructions: 'do it'}]});
		const texts = new Map([
			['1'.repeat(64), 'a long task'],
			['2'.repeat(64), plan],
			['3'.repeat(64), 'not a plan'],
			['4'.repeat(64), 'the whole output'],
		]);
		const reporter = createJsonReporter(output, {
			includeDeltas: true,
			now: () => 0,
			read: async hash => texts.get(hash),
		});
		const blob = (digit: string) => ({blob: digit.repeat(64), bytes: 9_000});
		const proposed = {type: 'plan-proposed', revision: 1, hash: 'f', origin: 'lead'} as const;
		const called = {
			type: 'tool-call-finished',
			agent: 'a',
			call: 'c',
			ok: true,
			durationMs: 1,
		} as const;
		reporter.event(
			placed({type: 'message-sent', message: 'm', from: 'a', to: 'b', text: blob('1')}),
			state,
		);
		reporter.delta({agent: 'a', kind: 'text', text: 'said in between'});
		reporter.event(placed({...proposed, plan: blob('2')}), state);
		reporter.event(placed({...proposed, plan: blob('3')}), state);
		reporter.event(placed({...proposed, plan: blob('5')}), state);
		reporter.event(
			placed({...called, result: 'short', whole: {name: 'w', text: blob('4')}}),
			state,
		);
		const outputs = blob('1');
		const done = {type: 'subtask-completed', subtask: 'a', attempt: 1, summary: 's'} as const;
		reporter.event(placed({...done, outputs}), state);
		await reporter.end(sampleReport, state);
		const lines = output.text().trimEnd().split('\n');
		expect(lines.map(line => JSON.parse(line) as unknown)).toMatchObject([
			{text: 'a long task'},
			{type: 'delta', text: 'said in between'},
			{plan: {subtasks: [{id: 'a'}]}},
			{plan: null},
			{plan: blob('5')},
			{result: 'short', whole: {text: 'the whole output'}},
			{outputs},
		]);
	});

	test('separates the hint from the command in reports of earlier versions', () => {
		const output = createTextOutput();
		const next = 'export KEY; then: llm-orchestrator resume r1';
		const event = placed({type: 'run-stopped', report: {...sampleReport, next}});
		createJsonReporter(output, {includeDeltas: false, now: () => 0}).event(event, state);
		expect(JSON.parse(output.text())).toMatchObject({
			report: {hint: 'export KEY', next: 'llm-orchestrator resume r1'},
		});
		expect(applyEvent(emptyRunState(), event).report).toMatchObject({
			hint: 'export KEY',
			next: 'llm-orchestrator resume r1',
		});
	});

	test('says why there is no report, after all that was said', async () => {
		const output = createTextOutput();
		const reporter = createJsonReporter(output, {
			includeDeltas: false,
			now: () => 0,
			read: async () => undefined,
		});
		reporter.event(placed({type: 'run-paused', reason: 'x'}), state);
		await reporter.fail({message: 'it is gone', hint: 'resume it', exitCode: 7});
		expect(output.text().split('\n')[1]).toBe(
			'{"v":1,"type":"error","message":"it is gone","hint":"resume it","exitCode":7}',
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
