import {describe, expect, test} from 'vitest';
import type {RunEventBody} from '../../../source/core/run-event.ts';
import {everyEvent} from '../../core/every-event.ts';
import {asked, literalReplay, planning, proposed} from '../../helpers/ui-run.ts';
import {rawScreenOf, screenOf} from '../frame.tsx';
import {openRunApp} from '../open-test-app.ts';
import {open, plan, planAsked, scope, working} from './open-run-screen.ts';

describe('themes', () => {
	const color = /\u001B\[(?:\d+;)*3\d/;

	test('use colors, and none where none are wanted', async () => {
		const past = [...working, asked('t1')];
		expect(rawScreenOf((await open(past, {theme: {colors: true}})).app)).toMatch(color);
		expect(rawScreenOf((await open(past)).app)).not.toMatch(color);
	});

	test('use nothing but ASCII where there is nothing else', async () => {
		const failure = {kind: 'check-failed', message: 'red'} as const;
		const past = [
			...working,
			{type: 'attempt-failed', ...scope, failure, strategy: 'retry'},
			asked('t1'),
		] as const satisfies readonly RunEventBody[];
		const test = await open(past, {theme: {ascii: true}});
		for (const key of [
			'2',
			'v',
			'escape',
			'escape',
			'1',
			'?',
			'escape',
			'enter',
			'escape',
			'm',
			'escape',
			'X',
		]) {
			test.keys(key);
			expect(
				screenOf(test.app)
					.join('')
					.match(/[^\u0020-\u007E]/g),
			).toBeNull();
		}

		test.resize(40, 10);
		expect(
			screenOf(test.app)
				.join('')
				.match(/[^\u0020-\u007E]/g),
		).toBeNull();
	});

	test('use nothing but ASCII for logs, diffs, plans and replays', async () => {
		const call = {...scope, call: 'c'};
		const past = [
			...proposed(plan),
			...everyEvent.filter(({type}) => !type.startsWith('run-')),
			{
				type: 'tool-call-started',
				...call,
				tool: 'run_command',
				effect: 'command',
				summary: 'run_command ls',
			},
			{
				type: 'tool-call-finished',
				...call,
				ok: false,
				result: `--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+${'b'.repeat(200)}\n`.repeat(9),
				durationMs: 1,
			},
		] as const satisfies readonly RunEventBody[];
		const replay = literalReplay({
			past: [...planning({teammates: ['alice', 'teammate-1']}), ...past],
		});
		const test = await openRunApp({kind: 'replay', run: replay}, {theme: {ascii: true}, rows: 80});
		replay.say({
			agent: 'alice',
			kind: 'thinking',
			text: '- one\n- two\n\n> three\n\n\u0060\u0060\u0060js\nx\n',
		});
		for (const key of [
			'2',
			'enter',
			'escape',
			'3',
			'4',
			'enter',
			'space',
			'g',
			'escape',
			'1',
			'space',
		]) {
			test.keys(key);
			await test.settle();
			expect(
				screenOf(test.app)
					.join('')
					.match(/[^\u0020-\u007E]/g),
			).toBeNull();
		}

		const asking = await open(planAsked, {theme: {ascii: true}, rows: 80});
		asking.keys('v');
		expect(
			screenOf(asking.app)
				.join('')
				.match(/[^\u0020-\u007E]/g),
		).toBeNull();
	});
});
