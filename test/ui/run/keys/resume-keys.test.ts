import {describe, expect, test} from 'vitest';
import type {LimitChange} from '../../../../source/core/actions.ts';
import type {RunEventBody} from '../../../../source/core/run-event.ts';
import type {RunReport} from '../../../../source/core/run-report.ts';
import {sampleReport} from '../../../core/every-event.ts';
import {literalReplay, literalRun} from '../../../helpers/ui-run.ts';
import {openRunApp} from '../../open-test-app.ts';
import {open} from './asked-run.ts';
import {stopped, working} from './working-run.ts';

function endedWith(report: Partial<RunReport>): readonly RunEventBody[] {
	return [...working, {type: 'run-stopped', report: {...sampleReport, ...report}}];
}

function limitReached(flags: string): readonly RunEventBody[] {
	return endedWith({
		outcome: 'limit-reached',
		next: `llm-orchestrator resume r1 ${flags}`.trim(),
	});
}

/** A run that has stopped, and with which limits it was resumed. */
async function openStopped(past: readonly RunEventBody[]) {
	const resumed: (LimitChange | undefined)[] = [];
	const actions = {
		async resumeRun(_run: string, change?: LimitChange) {
			resumed.push(change);
			return literalRun({past: working});
		},
	};
	return {...(await open(past, {actions})), resumed, actions};
}

describe('a run that stopped at a limit', () => {
	test.each<readonly [string, string, LimitChange]>([
		['--max-tokens 45210', 'Resume with a limit of 45.2k tokens?', {maxTokens: 45_210}],
		['--budget 2.50', 'Resume with a limit of $2.50?', {maxUsd: 2.5}],
		['--timeout 120s', 'Resume with a limit of 2 min 00 s of work?', {timeoutMs: 120_000}],
		['--unpriced allow', 'Resume, allowing calls without a known price?', {unpriced: 'allow'}],
	])('goes on with more of it after a question: %s', async (flags, title, change) => {
		const test = await openStopped(limitReached(flags));
		test.keys('R');
		expect(test.dialog()).toMatchObject({title});
		expect(test.resumed).toEqual([]);
		test.keys('y');
		await test.settle();
		expect(test.resumed).toEqual([change]);
		expect(test.view().session.state().report).toBeUndefined();
	});

	test('stays as it is after a no', async () => {
		const test = await openStopped(limitReached('--max-tokens 45210'));
		test.keys('R', 'escape');
		await test.settle();
		expect(test.resumed).toEqual([]);
	});

	test('goes on with the limit that is written instead', async () => {
		const test = await openStopped(limitReached('--max-tokens 45210'));
		test.keys('R', 'b');
		test.burst('60k');
		test.keys('enter');
		await test.settle();
		expect(test.resumed).toEqual([{maxTokens: 60_000}]);
	});

	test('goes on at once where its closing line names no limit', async () => {
		const test = await openStopped(limitReached(''));
		test.keys('R');
		await test.settle();
		expect(test.resumed).toEqual([undefined]);
	});
});

describe('another limit for a run that works no more', () => {
	test.each<readonly [string, string, LimitChange]>([
		['tokens', '500k', {maxTokens: 500_000}],
		['money', '$5', {maxUsd: 5}],
		['time', '10min', {timeoutMs: 600_000}],
		['none', 'none', {maxTokens: null, maxUsd: null, timeoutMs: null}],
	])('resumes it: %s', async (_, text, change) => {
		const test = await openStopped(stopped);
		test.keys('b');
		expect(test.dialog()).toMatchObject({
			title: 'Resume with another limit? Limit: none; used 0 tokens, $0',
		});
		test.burst(text);
		test.keys('enter');
		await test.settle();
		expect(test.resumed).toEqual([change]);
	});

	test('resumes it where it failed, or its process has died', async () => {
		const report = {...sampleReport, outcome: 'failed'} as const;
		const failed = await openStopped([...working, {type: 'run-finished', report}]);
		failed.keys('b');
		failed.burst('9k');
		failed.keys('enter');
		await failed.settle();
		expect(failed.resumed).toEqual([{maxTokens: 9_000}]);
		const {resumed, actions} = await openStopped([]);
		const run = literalRun({past: working});
		const dead = await openRunApp({kind: 'attached', run}, {actions});
		dead.app.store.setState({run: {...dead.view(), abandoned: true}});
		dead.keys('b');
		dead.burst('9k');
		dead.keys('enter');
		await dead.settle();
		expect(resumed).toEqual([{maxTokens: 9_000}]);
		expect(run.sent).toEqual([]);
	});

	test('is nothing that is no limit', async () => {
		const test = await openStopped(stopped);
		test.keys('b');
		test.burst('lots');
		test.keys('enter');
		await test.settle();
		expect(test.notice()).toBe(
			'“lots” is not a limit: enter 500000, 500k, 2M, $5, 90s, 10min or none.',
		);
		expect(test.resumed).toEqual([]);
	});

	test('is not asked for where nothing is left to do, or in a replay', async () => {
		const report = {...sampleReport, outcome: 'completed'} as const;
		const over = await openStopped([...working, {type: 'run-finished', report}]);
		over.keys('b');
		expect(over.notice()).toBe('The run is completed.');
		const replay = await openRunApp({kind: 'replay', run: literalReplay({past: stopped})});
		replay.keys('b');
		expect(replay.notice()).toBe('Replay: commands are disabled.');
	});
});
