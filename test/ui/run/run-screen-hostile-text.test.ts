import {describe, expect, test} from 'vitest';
import type {RunEventBody} from '../../../source/core/run-event.ts';
import {everyEvent, poisoned} from '../../core/every-event.ts';
import {poison} from '../../core/hostile.ts';
import {planOf, subtask} from '../../helpers/run-parts.ts';
import {asked, begun, decided, planning, proposed} from '../../helpers/ui-run.ts';
import {foreignIn, rawScreenOf} from '../frame.tsx';
import type {TestApp} from '../open-test-app.ts';
import {open, scope, working} from './open-run-screen.ts';

describe('nothing of what others write reaches the terminal as it is', () => {
	const evil = `eve${poison}\n`;
	const past: readonly RunEventBody[] = [
		...planning({task: evil, teammates: [evil], model: evil}),
		...proposed(
			planOf({
				summary: evil,
				subtasks: [
					subtask('api', {title: evil, instructions: evil, writes: [evil], outputs: [evil]}),
				],
				checks: [evil],
			}),
		).map(event =>
			event.type === 'plan-judged'
				? {...event, verdicts: [{criterion: evil, result: 'fail' as const, reasons: [evil]}]}
				: event,
		),
	];

	function expectHarmless({app}: TestApp): void {
		expect(foreignIn(rawScreenOf(app))).toEqual([]);
	}

	test('a task, a plan, its criteria, names and models', async () => {
		const test = await open(past);
		expectHarmless(test);
		for (const key of [
			'v',
			'escape',
			'2',
			'enter',
			'escape',
			'1',
			'G',
			'enter',
			'm',
			'escape',
			'c',
		]) {
			test.keys(key);
			expectHarmless(test);
		}
	});

	test('what agents say, ask for and fail with', async () => {
		const test = await open([...past, decided('p1'), ...begun('api', evil)]);
		const failure = {kind: 'check-failed', message: evil, hint: evil} as const;
		for (const event of [
			{type: 'agent-waiting', ...scope, agent: evil, for: 'slot', detail: evil},
			{
				type: 'tool-call-started',
				...scope,
				agent: evil,
				call: 'c',
				tool: evil,
				effect: 'read',
				summary: evil,
			},
			asked('t1', {agent: evil, detail: evil, reason: evil, directory: evil, tool: evil}),
			decided('t1'),
			{type: 'attempt-failed', ...scope, agent: evil, failure, strategy: 'retry', evidence: evil},
			{type: 'inbox-refused', file: 'i', problem: evil},
		] as const satisfies readonly RunEventBody[]) {
			test.run.tell(event);
			test.run.say({agent: evil, kind: 'text', text: evil});
			await test.settle();
			expectHarmless(test);
		}

		test.run.end({reason: evil, next: evil});
		await test.settle();
		expectHarmless(test);
		test.keys('2', 'enter');
		expectHarmless(test);
	});

	test('any event at all', async () => {
		for (const event of everyEvent) {
			const test = await open(working);
			test.run.tell(poisoned(event, `${poison}\n`) as RunEventBody);
			await test.settle();
			expectHarmless(test);
		}
	});
});
