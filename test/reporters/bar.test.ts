import {describe, expect, test} from 'vitest';
import type {Verdict} from '../../source/core/approval.ts';
import {applyEvent} from '../../source/core/fold.ts';
import {runEventSchema, type RunEvent, type RunEventBody} from '../../source/core/run-event.ts';
import {emptyRunState} from '../../source/core/run-state.ts';
import {defaultRunSettings} from '../../source/core/settings.ts';
import {createBarReporter} from '../../source/reporters/bar.ts';
import type {Paint} from '../../source/reporters/inline.ts';
import {textWidth} from '../../source/present/text/width.ts';
import {everyEvent, placed, poisoned, sampleReport} from '../core/every-event.ts';
import {poison, unprintable} from '../core/hostile.ts';
import {createTextOutput} from './text-output.ts';

const erase = '\r\u001B[K';

describe('the bar on a terminal', () => {
	test('is one line that is kept up to date, and gone at the end', async () => {
		const {output, reporter, tell, at} = started();
		tell(plan, ...ready);
		at(2);
		tell(startedSubtask('api'));
		at(2.5);
		tell(startedCall);
		at(3);
		tell(completed('api'));
		expect(output.text().split(erase)).toEqual([
			'planning · 0 working · 0 tokens · 00:00',
			'▱▱▱▱▱▱ 0/3 subtasks · 1 working · 0 tokens · 00:02 · teammate-1: preparing its workspace',
			'▱▱▱▱▱▱ 0/3 subtasks · 1 working · 0 tokens · 00:02 · teammate-1: edit_file src/api.ts',
			'▰▰▱▱▱▱ 1/3 subtasks · 0 working · 0 tokens · 00:03',
		]);
		await reporter.end(sampleReport, emptyRunState());
		const ending = output.text().split(erase).at(-1);
		expect(ending).toMatch(/^\n {2}✗ parse .*\n(?:.*\n)+ {2}spent +1 min 05 s, .*\n$/);
		expect(output.flushes()).toBe(1);
	});

	test('has failures, red checks and questions above it, at once', () => {
		const {output, tell} = started();
		tell(plan, ...ready);
		const before = output.text().length;
		tell(redCheck, failed('ui'));
		const [none, first, second] = output.text().slice(before).split(erase);
		expect(none).toBe('');
		expect(first).toMatch(/^api {13}check test FAILED \(1\.2 s\)\n▱{6} 0\/3 /);
		expect(second).toMatch(/^ui {14}✗ failed \[check-failed\]\n▱▱▱▱▱▱ 0\/3 /);
	});

	test('says nothing of what goes well, nor that agents wait', () => {
		const {output, tell} = started();
		tell(plan, ...ready, startedSubtask('api'), startedCall, completed('api'), {
			type: 'agent-waiting',
			...scope,
			for: 'slot',
			detail: 'ollama serves 1 at once',
		});
		expect(output.text()).not.toContain('\n');
	});

	test('is written only when it changed, and at most 8 times a second', () => {
		const {output, reporter, tell, at} = started();
		const writes = () => output.text().split(erase).length;
		tell(plan, ...ready, startedSubtask('api'), startedCall);
		expect(writes()).toBe(1);
		at(0.2);
		reporter.tick();
		expect(writes()).toBe(2);
		for (let second = 0.3; second < 0.95; second += 0.05) {
			at(second);
			reporter.tick();
		}

		expect(writes()).toBe(2);
		at(1);
		reporter.tick();
		reporter.tick();
		expect(writes()).toBe(3);
		expect(output.text()).toMatch(/00:01 · teammate-1: edit_file src\/api\.ts$/);
	});

	test('is cut to the columns, with the last one free', () => {
		const {output, reporter, tell, at} = started({columns: () => 30});
		tell(plan, ...ready);
		at(1);
		reporter.tick();
		const bar = output.text().split(erase).at(-1) ?? '';
		expect(bar).toBe('▱▱▱▱▱▱ 0/3 subtasks · 0 work…');
		expect(textWidth(bar)).toBe(29);
	});

	test('has above it the plan that a person is to decide on, with its checks and verdicts', () => {
		const {output, tell} = started();
		const checks = ['npm run lint'];
		const settings = {...defaultRunSettings, approve: 'ask', attended: true, checks} as const;
		const verdict: Verdict = {criterion: 'tests', result: 'warn', reasons: ['api has none']};
		tell(
			{type: 'run-resumed', settings, program: '0.1.0'},
			plan,
			{type: 'plan-judged', revision: 1, hash: 'h', verdicts: [verdict]},
			asksForPlan,
		);
		const above = output.text().split(erase).at(-1)?.split('\n').slice(0, -1);
		expect(above).toEqual([
			'  · api   api',
			'  · ui    ui',
			'  · docs  docs',
			'  final check (yours): npm run lint',
			'tests           warn: api has none',
			expect.stringMatching(/^run {13}waiting for you to approve the plan \(/),
		]);
	});

	test('has its time stand still while a plan waits for a person', () => {
		const {output, reporter, tell, at} = started();
		tell(plan, asksForPlan);
		at(50);
		reporter.tick();
		expect(output.text()).toMatch(/waiting for you · .* · 00:00$/);
	});

	test('prints nothing while agents speak', () => {
		const {output, reporter} = started();
		const before = output.text();
		reporter.delta({agent: 'a', kind: 'text', text: 'x'});
		expect(output.text()).toBe(before);
	});

	test('writes no control but its own, whatever comes', async () => {
		const output = createTextOutput();
		const options = {paint: plain, columns: () => 500, isTerminal: true, now: () => 0};
		const reporter = createBarReporter(output, options);
		const state = emptyRunState();
		for (const event of [...everyEvent, ...hostileEvents()]) {
			reporter.event(event, applyEvent(state, event));
		}

		await reporter.end(sampleReport, emptyRunState());
		expect(output.text().split('\n').length).toBeGreaterThan(10);
		for (const line of output.text().replaceAll(erase, '').split('\n')) {
			expect(line).not.toMatch(unprintable);
		}
	});
});

describe('the bar without a terminal', () => {
	test('is a line for each subtask that is over, and what a person has to know', async () => {
		const {output, reporter, tell} = started({isTerminal: false});
		tell(
			plan,
			...ready,
			startedSubtask('api'),
			startedCall,
			completed('api'),
			redCheck,
			failed('ui'),
		);
		reporter.tick();
		expect(output.text().split('\n')).toEqual([
			'▰▰▱▱▱▱ 1/3 subtasks · ✓ api · 0 tokens · 00:00',
			'api             check test FAILED (1.2 s)',
			'ui              ✗ failed [check-failed]',
			'▰▰▱▱▱▱ 1/3 subtasks · ✗ ui · 0 tokens · 00:00',
			'',
		]);
		await reporter.end(sampleReport, emptyRunState());
		expect(output.text()).toContain('branch llm-orchestrator/r1');
	});

	test('has no escapes, colors either', () => {
		const {output, tell} = started({
			isTerminal: false,
			paint: (tone, text) => `\u001B[${tone}m${text}`,
		});
		tell(plan, ...ready, completed('api'), failed('ui'));
		expect(output.text()).not.toContain('\u001B');
		expect(output.text()).not.toContain('\r');
	});
});

const plain: Paint = (_, text) => text;
const scope = {agent: 'teammate-1', subtask: 'api', attempt: 1};

const plan: RunEventBody = {
	type: 'plan-proposed',
	revision: 1,
	hash: 'h',
	origin: 'lead',
	plan: JSON.stringify({
		subtasks: ['api', 'ui', 'docs'].map(id => ({id, title: id, instructions: 'x'})),
		checks: [],
	}),
};
const asksForPlan: RunEventBody = {
	type: 'approval-requested',
	approval: 'a1',
	subject: {kind: 'plan', revision: 1, hash: 'h'},
};

const ready: readonly RunEventBody[] = [
	asksForPlan,
	{
		type: 'approval-decided',
		approval: 'a1',
		decision: 'approve',
		scope: 'once',
		origin: 'criteria',
	},
];
const startedCall: RunEventBody = {
	type: 'tool-call-started',
	...scope,
	call: 't1',
	tool: 'edit_file',
	effect: 'write',
	summary: 'edit_file src/api.ts',
};
const redCheck: RunEventBody = {
	type: 'check-finished',
	subtask: 'api',
	attempt: 1,
	place: 'workspace',
	check: 'test',
	passed: false,
	exitCode: 1,
	durationMs: 1_200,
	output: 'AssertionError',
};

function startedSubtask(subtask: string): RunEventBody {
	return {type: 'subtask-started', ...scope, subtask, base: 'b'};
}

function completed(subtask: string): RunEventBody {
	return {type: 'subtask-completed', subtask, attempt: 1, summary: 'done', outputs: {}};
}

function failed(subtask: string): RunEventBody {
	return {type: 'subtask-failed', subtask, failure: {kind: 'check-failed', message: 'red'}};
}

function hostileEvents(): readonly RunEvent[] {
	return everyEvent.map(event => runEventSchema.parse(poisoned(event, poison)));
}

/** A reporter of a run that has just begun, at second 0. */
function started(options: Partial<Parameters<typeof createBarReporter>[1]> = {}) {
	const output = createTextOutput();
	const state = emptyRunState();
	let second = 0;
	const time = () => Date.UTC(2026, 10, 22, 10) + second * 1_000;
	const reporter = createBarReporter(output, {
		paint: plain,
		columns: () => 120,
		isTerminal: true,
		now: time,
		...options,
	});
	const tell = (...events: readonly RunEventBody[]) => {
		for (const body of events) {
			const event = {...placed(body), time: new Date(time()).toISOString()};
			reporter.event(event, applyEvent(state, event));
		}
	};
	const [first] = everyEvent;
	if (first?.type === 'run-started') {
		tell(first);
	}
	return {
		output,
		reporter,
		tell,
		at(value: number) {
			second = value;
		},
	};
}
