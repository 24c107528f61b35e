import {describe, expect, test} from 'vitest';
import {createAgentLog} from '../../../source/present/log/agent-log.ts';
import {rowText} from '../../../source/present/text/row.ts';
import type {RunEventBody} from '../../../source/core/run-event.ts';
import {placed} from '../../core/every-event.ts';
import {answerOf, finishedCall, scope, startedCall, texts} from './log-events.ts';

const blob = {blob: '0'.repeat(64), bytes: 9_000};
const listing = 'x\n'.repeat(210);
const diff = 'diff --git a/x b/x\n@@ -1 +1 @@\n-a\n+b';

describe('the log of an agent', () => {
	test.each<[string, readonly RunEventBody[], readonly string[]]>([
		[
			'what it reads, by size',
			[startedCall('read_file', 'read', 'src/a.ts'), finishedCall(listing)],
			['{accent:⚙ }read_file src/a.ts', '{quiet:  ↳ }{quiet:210 lines}'],
		],
		[
			'a result of one line',
			[
				startedCall('write_file', 'write', 'a.ts (5 lines)'),
				finishedCall('Created a.ts (5 lines).\n\n'),
			],
			['{accent:⚙ }write_file a.ts (5 lines)', '{quiet:  ↳ }{quiet:Created a.ts (5 lines).}'],
		],
		[
			'the first lines of a failure',
			[
				startedCall('run_command', 'command', 'npm test'),
				finishedCall('exit code 1\na\nb\nc\nd', false),
			],
			[
				'{accent:$ }npm test',
				'{bad:  ↳ }{bad:exit code 1}',
				'    {bad:a}',
				'    {bad:b}',
				'    {quiet:… 2 more lines}',
			],
		],
		[
			'a diff in a result',
			[startedCall('run_command', 'command', 'git diff'), finishedCall(`exit code 0\n${diff}`)],
			[
				'{accent:$ }git diff',
				'{quiet:  ↳ }exit code 0',
				'    {heading:diff --git a/x b/x}',
				'    {accent:@@ -1 +1 @@}',
				'    {removed:-a}',
				'    {added:+b}',
			],
		],
		[
			'what an edit replaced, as its answer has it',
			[
				{
					type: 'model-call-finished',
					...scope,
					call: 'c',
					request: 'x',
					model: 'm',
					answer: answerOf('', {t1: {path: 'a', old_text: '- x\n', new_text: 'y\nz'}}),
					stopReason: 'end',
					usage: {input: 1, cacheRead: 0, cacheWrite: 0, output: 1, reasoning: 0, estimated: false},
					durationMs: 1,
				},
				startedCall('edit_file', 'write', 'a (+2 −1)'),
				finishedCall('Edited a (+2 −1).'),
			],
			[
				'{accent:⚙ }edit_file a (+2 −1)',
				'{quiet:  ↳ }Edited a (+2 −1).',
				'    {removed:- - x}',
				'    {added:+ y}',
				'    {added:+ z}',
			],
		],
		[
			'a result whose text is not at hand',
			[
				startedCall('search', 'read', '"x" in .'),
				{...finishedCall(''), result: blob} as RunEventBody,
			],
			['{accent:⚙ }search "x" in .', '{quiet:  ↳ }{quiet:(9 KiB, not loaded)}'],
		],
		[
			'a result whose call it never saw',
			[finishedCall('ok')],
			['{quiet:⚙ an earlier call}', '{quiet:  ↳ }{quiet:ok}'],
		],
		[
			'attempts',
			[
				{type: 'agent-resumed', ...scope},
				{type: 'subtask-started', ...scope, base: 'b'},
				{type: 'attempt-finished', ...scope, change: null, summary: 'It\nparses.', outputs: {}},
				{type: 'agent-finished', ...scope, reason: 'finished', turns: 4},
				{type: 'agent-finished', ...scope, reason: 'limit-reached', turns: 4},
				{type: 'subtask-started', ...scope, attempt: 3, base: 'b'},
			],
			[
				'{heading:subtask api · attempt 2}',
				'{quiet:ended: limit-reached (turn 4)}',
				'',
				'{heading:subtask api · attempt 3}',
			],
		],
		[
			'checks, and the reason of a red one',
			[
				check(true, 'all is well'),
				check(
					false,
					`${Array.from({length: 9}, (_, n) => `line ${n}`).join('\n')}\n\n# tests 9\n# fail 1\n`,
				),
			],
			[
				'{good:✓ check test passed (1.2 s)}',
				'{bad:✗ check test FAILED (1.2 s)}',
				'{quiet:  ↳ }{quiet:… 3 more lines}',
				...[3, 4, 5, 6, 7, 8].map(n => `    {quiet:line ${n}}`),
			],
		],
		[
			'failures, retries and waits',
			[
				{
					type: 'model-call-failed',
					...scope,
					call: 'c',
					failure: {kind: 'rate-limit', message: 'busy'},
					try: 1,
					retryInMs: 1_500,
				},
				{type: 'agent-waiting', ...scope, for: 'slot', detail: 'ollama serves 1 at once'},
				{
					type: 'attempt-failed',
					...scope,
					failure: {kind: 'check-failed', message: 'red'},
					strategy: 'retry',
				},
			],
			[
				'{warning:call failed (try 1, retrying in 1.5 s): busy [rate-limit]}',
				'{warning:waiting for a slot: ollama serves 1 at once}',
				'{warning:attempt 2 failed: red [check-failed]; retrying}',
			],
		],
		[
			'messages, whole',
			[
				{
					type: 'message-sent',
					message: 'm',
					from: 'lead',
					to: 'bob',
					text: 'Use **JSON**,\nplease',
				},
			],
			['{accent:lead → bob}', '{quiet:  ↳ }Use **JSON**,', '    please'],
		],
		[
			'plans',
			[
				{type: 'planning-started', revision: 2},
				{type: 'plan-refused', revision: 2, try: 1, problems: ['a cycle']},
				{type: 'plan-proposed', revision: 2, hash: 'h', plan: '{}', origin: 'lead'},
			],
			[
				'{heading:plan · revision 2}',
				'{warning:proposed an invalid plan (try 1): a cycle}',
				'{heading:proposed revision 2 of the plan}',
			],
		],
		[
			'plans of a person as such',
			[
				{type: 'plan-proposed', revision: 1, hash: 'h', plan: '{}', origin: 'file'},
				{type: 'plan-proposed', revision: 2, hash: 'h', plan: '{}', origin: 'person'},
			],
			['{heading:you provided the plan: revision 1}', '{heading:you edited the plan: revision 2}'],
		],
	])('shows %s', (_, events, rows) => {
		const log = createAgentLog({width: 80});
		for (const event of events) {
			log.event(placed(event), texts);
		}
		expect(
			log
				.rows(0, log.length)
				.map(row =>
					row.map(({text, tone}) => (tone === 'plain' ? text : `{${tone}:${text}}`)).join(''),
				),
		).toEqual(rows);
	});

	test('puts results under their calls, whichever comes first', () => {
		const log = createAgentLog({width: 80});
		const call = (id: string): RunEventBody => ({
			...startedCall('read_file', 'read', id),
			call: id,
		});
		const result = (id: string): RunEventBody =>
			({...finishedCall(`of ${id}`), call: id}) as RunEventBody;
		for (const event of [call('a'), call('b'), result('b'), result('a')]) {
			log.event(placed(event), texts);
		}

		expect(log.rows(0, 9).map(rowText)).toEqual([
			'⚙ read_file a',
			'  ↳ of a',
			'⚙ read_file b',
			'  ↳ of b',
		]);
	});

	test('shows the rest of a long message when it is unfolded', () => {
		const log = createAgentLog({width: 80});
		const text = 'one\ntwo\nthree\nfour\nfive';
		log.event(placed({type: 'message-sent', message: 'm', from: 'a', to: 'b', text}), texts);
		expect(log.length).toBe(5);
		log.toggle(1);
		expect(log.rows(0, 9).map(rowText).at(-1)).toBe('    five');
	});

	test('shows what was read when it is unfolded', () => {
		const log = createAgentLog({width: 80});
		log.event(placed(startedCall('read_file', 'read', 'a')), texts);
		log.event(placed(finishedCall(listing)), texts);
		log.toggle(0);
		expect(log.length).toBe(2 + 210);
		expect(log.rows(1, 2).map(rowText)).toEqual(['  ↳ 210 lines', '    x']);
	});

	test('fits its width where it is narrow', () => {
		const log = createAgentLog({width: 12});
		log.event(placed(startedCall('read_file', 'read', 'a')), texts);
		log.event(placed(finishedCall('x\n'.repeat(100_000))), texts);
		expect(log.rows(0, 2).map(rowText)).toEqual(['⚙ read_file…', '  ↳ 100000 …']);
	});

	test('keeps no more of a result than a person would read', () => {
		const log = createAgentLog({width: 80});
		log.event(placed(startedCall('read_file', 'read', 'a')), texts);
		log.event(placed({...finishedCall(''), result: blob} as RunEventBody), () =>
			'y'.repeat(9_000_000),
		);
		expect(log.text().length).toBeLessThan(300_000);
		expect(log.text()).toContain('characters left out');
	});
});

function check(passed: boolean, output: string): RunEventBody {
	return {
		type: 'check-finished',
		subtask: 'api',
		attempt: 2,
		place: 'workspace',
		check: 'test',
		passed,
		exitCode: passed ? 0 : 1,
		durationMs: 1_200,
		output,
	};
}
