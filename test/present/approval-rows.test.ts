import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {revealHidden, sanitizeLine} from '../../source/core/text.ts';
import type {RunEventBody} from '../../source/core/run-event.ts';
import type {ApprovalState} from '../../source/core/run-state-entries.ts';
import {approvalHeading, approvalRows} from '../../source/present/approval-rows.ts';
import {rowText, rowWidth} from '../../source/present/text/row.ts';
import {clockTime} from '../../source/present/words.ts';
import {poison, unprintable} from '../core/hostile.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';
import {asked, begun, decided, literalRun, planning, proposed} from '../helpers/ui-run.ts';
import {hostileText} from './log/hostile-text.ts';

const plan = planOf({
	summary: 'Adds the endpoint.',
	subtasks: [
		subtask('api', {estimate: 12, checks: ['npm run lint']}),
		subtask('docs', {dependsOn: ['api'], estimate: 3.4, checks: ['npm test']}),
	],
	checks: ['npm test'],
});

function requestOf(past: readonly RunEventBody[]): {
	readonly request: ApprovalState;
	rows(width?: number): readonly string[];
} {
	const state = literalRun({past}).state();
	const request = [...state.approvals.values()].at(-1);
	if (!request) {
		throw new Error('nothing is asked');
	}

	return {
		request,
		rows(width = 80) {
			const rows = approvalRows(request, state, width);
			for (const row of rows) {
				expect(rowWidth(row)).toBeLessThanOrEqual(width);
			}

			return rows.map(rowText);
		},
	};
}

function toolRequest(fields: Parameters<typeof asked>[1]) {
	return requestOf([
		...planning(),
		...proposed(plan),
		decided('p1'),
		...begun('api', 'alice'),
		asked('t1', fields),
	]);
}

describe('a plan that waits for a decision', () => {
	test('comes with its size, the criteria with their reasons, and every command that it would allow', () => {
		const {request, rows} = requestOf([
			...planning({settings: {maxTokens: 100_000, checks: ['make all']}}),
			...proposed(plan),
		]);
		expect(approvalHeading(request)).toBe('revision 1 of the plan');
		expect(rows()).toEqual([
			'Adds the endpoint.',
			'2 subtasks, estimated 15 min of work · 0 of 100k tokens used',
			'tests     warn nothing is checked',
			'runs make all',
			'runs npm test',
			'runs npm run lint',
		]);
	});

	test('says so where nothing is checked, and where nothing limits it', () => {
		const {rows} = requestOf([...planning(), ...proposed(planOf({subtasks: [subtask('api')]}))]);
		expect(rows().at(-1)).toBe('no checks: only the agents decide when it is done');
		expect(rows()[0]).toContain('no limit');
	});

	test('tells all reasons of a criterion, one under the other', () => {
		const {rows} = requestOf([
			...planning(),
			...proposed(plan).map((event): RunEventBody =>
				event.type === 'plan-judged'
					? {
							...event,
							verdicts: [
								{
									criterion: 'scope',
									result: 'fail',
									reasons: ['a and b write x', 'c writes it', 'd writes it as well'],
								},
								{criterion: 'cost', result: 'pass', reasons: []},
							],
						}
					: event,
			),
		]);
		expect(rows(60).slice(2, 6)).toEqual([
			'scope     fail a and b write x; c writes it; d writes it as',
			'               well',
			'cost      pass ',
			'runs npm test',
		]);
	});

	test('shows what hides in its checks', () => {
		const hidden = planOf({subtasks: [subtask('api')], checks: ['npm \u202Etest\u001B[8m; rm x']});
		const {rows} = requestOf([...planning(), ...proposed(hidden)]);
		expect(rows()).toContain('runs npm \\u{202e}test\\x1b[8m; rm x');
	});
});

describe('a command that waits for a decision', () => {
	test('is shown whole, with who wants it, where and why', () => {
		const {request, rows} = toolRequest({detail: 'git push origin feature/health'});
		expect(approvalHeading(request)).toBe('alice wants to use run_command · api');
		expect(rows()).toEqual(['$ git push origin feature/health', 'commands ask · in /w/api']);
	});

	test('keeps its lines', () => {
		expect(toolRequest({detail: 'cd x &&\n  make\n\nls'}).rows()).toEqual([
			'$ cd x &&',
			'    make',
			'  ',
			'  ls',
			'commands ask · in /w/api',
		]);
	});

	test('is a command, also where a line of it looks like a diff', () => {
		expect(toolRequest({detail: 'echo x\n--- a\n@@ y'}).rows().slice(0, 3)).toEqual([
			'$ echo x',
			'  --- a',
			'  @@ y',
		]);
	});

	test('shows what would hide in it, in its directory and in its reason', () => {
		const rows = toolRequest({
			detail: 'rm -rf \u202E\u001B[2Jx\r\u200B',
			directory: '/w\u0007/a',
			reason: 'why\u2066',
		}).rows();
		expect(rows).toEqual([
			'$ rm -rf \\u{202e}\\x1b[2Jx\\x0d\\u{200b}',
			'why\\u{2066} · in /w\\x07/a',
		]);
	});

	test('loses nothing that can be seen, at any width, whatever it is', () => {
		fc.assert(
			fc.property(hostileText, fc.integer({min: 20, max: 120}), (detail, width) => {
				const rows = toolRequest({detail, reason: '', directory: ''}).rows(width).slice(0, -1);
				const seen = rows.map(row => row.slice(2)).join('');
				expect(seen.replaceAll(/\s/g, '')).toBe(revealHidden(detail).replaceAll(/\s/g, ''));
				expect(rows.join('')).not.toMatch(unprintable);
			}),
			{numRuns: 200},
		);
	});
});

describe('a change that waits for a decision', () => {
	test('is shown line by line, no line of it as a command', () => {
		const {rows} = toolRequest({tool: 'edit_file', detail: 'src/a.ts\n- old\n+ new'});
		expect(rows()).toEqual(['src/a.ts', '- old', '+ new', 'commands ask · in /w/api']);
	});

	test('is shown as the diff that it is', () => {
		const {rows} = toolRequest({
			tool: 'write_file',
			detail: '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\u202E\n',
		});
		expect(rows().slice(0, -1)).toEqual(['--- a/x', '+++ b/x', '@@ -1 +1 @@', '-a', '+b\\u{202e}']);
	});
});

describe('a command that was interrupted', () => {
	test('is shown whole, with the question that it leaves', () => {
		const {request, rows} = requestOf([
			...planning(),
			...proposed(plan),
			decided('p1'),
			...begun('api', 'alice'),
			{
				type: 'approval-requested',
				approval: 'c1',
				subject: {
					kind: 'interrupted-command',
					subtask: 'api',
					attempt: 1,
					command: 'make \u202Edeploy',
				},
			},
		]);
		expect(approvalHeading(request)).toBe('interrupted command in api');
		expect(rows(60)).toEqual([
			'$ make \\u{202e}deploy',
			'It was running when the program ended and may already have',
			'had effects. Restart the attempt?',
		]);
	});
});

test('the heading says until when a decision is waited for', () => {
	const until = '2026-11-22T10:10:00.000Z';
	const past = [...planning(), ...proposed(plan)].map(event =>
		event.type === 'approval-requested' ? {...event, until} : event,
	);
	expect(approvalHeading(requestOf(past).request)).toBe(
		`revision 1 of the plan · until ${clockTime(until)}`,
	);
});

test('an agent or a tool that would write to the terminal does not', () => {
	const {request, rows} = toolRequest({
		agent: `eve${poison}`,
		tool: `t${poison}`,
		reason: poison,
		detail: poison,
		directory: poison,
	});
	expect(approvalHeading(request)).not.toMatch(unprintable);
	expect(approvalHeading(request)).toBe(sanitizeLine(approvalHeading(request)));
	expect(rows().join('')).not.toMatch(unprintable);
});
