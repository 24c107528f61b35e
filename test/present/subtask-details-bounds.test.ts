import {describe, expect, test} from 'vitest';
import {rowWidth} from '../../source/present/text/row.ts';
import {poison, unprintable} from '../core/hostile.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';
import {checkOf, detailsOf, diff, linesOf, plan, stateOf} from './detail-lines.ts';

describe('the details of a subtask', () => {
	test('hide nothing that has to be judged, and print nothing that a terminal would act on', () => {
		const hostile = planOf({
			subtasks: [
				subtask('a', {outputs: [`out${poison}`]}),
				subtask('b', {
					title: `title${poison}`,
					instructions: `instructions${poison}`,
					dependsOn: [{subtask: 'a', when: {output: `out${poison}`, equals: poison}}],
					writes: [`path${poison}\nname`],
					checks: [{name: `name${poison}`, command: `ls${poison}`}],
					outputs: [`own${poison}`],
				}),
			],
		});
		const state = stateOf(hostile, {
			a: {status: 'completed', outputs: {[`out${poison}`]: poison.repeat(2)}},
			b: {
				status: 'failed',
				agent: `agent${poison}`,
				attempt: 1,
				reason: `reason${poison}`,
				summary: `summary${poison}`,
				failure: {kind: 'auth', message: `message${poison}`, hint: `hint${poison}`},
				checks: [
					{...checkOf(false, 1, `output${poison}`), name: `name${poison}`, command: `ls${poison}`},
				],
				outputs: {[`own${poison}`]: poison},
				evidence: `evidence${poison}\n${diff}${poison}`,
				finished: {
					attempt: 1,
					merged: false,
					change: {
						commit: 'c',
						base: 'b',
						files: [{path: `file${poison}`, status: 'added', added: 1, removed: 0}],
					},
				},
			},
		});
		const lines = linesOf(state, 'b', 200);
		for (const line of lines) {
			expect(line).not.toMatch(unprintable);
		}

		for (const seen of ['ls \\x1b[2J', 'path \\x1b[2J', 'file \\x1b[2J']) {
			expect(lines.filter(line => line.includes(seen))).toHaveLength(1);
		}

		expect(lines.filter(line => line.includes(' ⏎ name'))).toHaveLength(1);
	});

	test.each([20, 33, 60, 110])('are at most %i columns wide', width => {
		const state = stateOf(plan, {
			api: {
				status: 'failed',
				agent: 'a-teammate-with-a-name',
				attempt: 1,
				failure: {kind: 'check-failed', message: '这是一个很长的消息'.repeat(9)},
				checks: [checkOf(false, 137, 'x'.repeat(500))],
				evidence: diff,
			},
		});
		for (const row of detailsOf(state, 'api', width)) {
			expect(rowWidth(row)).toBeLessThanOrEqual(width);
		}
	});
});
