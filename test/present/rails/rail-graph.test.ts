import {describe, expect, test} from 'vitest';
import {layoutRails} from '../../../source/present/rails/rail-graph.ts';
import {planOf, subtask} from '../../helpers/run-parts.ts';
import {railText} from './rail-text.ts';

describe('the rails of a plan', () => {
	test.each<[string, readonly Record<string, unknown>[], string]>([
		[
			'go straight down a chain',
			[subtask('a'), subtask('b', {dependsOn: ['a']}), subtask('c', {dependsOn: ['b']})],
			`
◆  a
●  b
●  c`,
		],
		[
			'tell what has no connection',
			[subtask('a'), subtask('b')],
			`
◆  a
◆  b`,
		],
		[
			'fan out and in',
			[
				subtask('setup'),
				...['a', 'b', 'c'].map(id => subtask(id, {dependsOn: ['setup']})),
				subtask('end', {dependsOn: ['a', 'b', 'c']}),
			],
			`
◆      setup
├▸●─╮  a
├▸●─┤  b
╰▸●─┤  c
●◂──╯  end`,
		],
		[
			'keep branches together',
			[
				subtask('a1'),
				subtask('b1'),
				subtask('a2', {dependsOn: ['a1']}),
				subtask('b2', {dependsOn: ['b1']}),
				subtask('end', {dependsOn: ['a2', 'b2']}),
			],
			`
◆    a1
●─╮  a2
◆ │  b1
●─┤  b2
  ●  end`,
		],
		[
			'leave out what a longer path implies',
			[subtask('a'), subtask('b', {dependsOn: ['a']}), subtask('c', {dependsOn: ['a', 'b']})],
			`
◆  a
●  b
●  c`,
		],
		[
			'are dashed where something else than success is waited for',
			[
				subtask('tests'),
				subtask('fix', {dependsOn: [{subtask: 'tests', when: 'failure'}]}),
				subtask('log', {dependsOn: [{subtask: 'tests', when: 'completion'}]}),
				subtask('ship', {join: 'any', dependsOn: ['tests', 'fix']}),
			],
			`
◆      tests
├▹●    fix
├─┴▸●  ship
╰┄┄▹●  log`,
		],
		[
			'are dashed down a lane once only conditions are left',
			[
				subtask('a'),
				subtask('b', {dependsOn: [{subtask: 'a', when: 'failure'}]}),
				subtask('c', {dependsOn: ['b']}),
				subtask('d', {dependsOn: ['a']}),
				subtask('e', {dependsOn: ['d']}),
				subtask('f', {dependsOn: [{subtask: 'a', when: 'failure'}]}),
			],
			`
◆    a
├▹●  b
│ ●  c
├▸●  d
┊ ●  e
╰▹●  f`,
		],
		[
			'pass under lanes they have nothing to do with',
			[
				subtask('a'),
				subtask('b', {dependsOn: ['a']}),
				subtask('c', {dependsOn: ['a']}),
				subtask('d', {dependsOn: ['b', 'x']}),
				subtask('e', {dependsOn: ['c', 'x']}),
				subtask('x', {dependsOn: ['a']}),
			],
			`
◆        a
├▸●─╮    b
├▸●─│─╮  c
╰▸●─┼─┤  x
●◂──╯ │  d
  ●◂──╯  e`,
		],
	])('%s', (_, subtasks, drawing) => {
		expect(railText(layoutRails(planOf({subtasks})))).toEqual(drawing.trim().split('\n'));
	});

	test('have a form in ASCII', () => {
		const plan = planOf({
			subtasks: [
				subtask('build'),
				subtask('tests', {dependsOn: ['build']}),
				subtask('fix', {dependsOn: [{subtask: 'tests', when: 'failure'}]}),
				subtask('ship', {join: 'any', dependsOn: ['tests', 'fix']}),
				subtask('log', {dependsOn: ['ship', {subtask: 'tests', when: 'completion'}]}),
			],
		});
		expect(railText(layoutRails(plan), {ascii: true})).toEqual([
			'o      build',
			'*      tests',
			'+}*    fix',
			"+-'>*  ship",
			'\\}*</  log',
		]);
	});

	test('name the dependencies that there is no lane for', () => {
		const plan = planOf({
			subtasks: [
				subtask('a'),
				subtask('b', {dependsOn: ['a']}),
				subtask('c', {dependsOn: ['a']}),
				subtask('d', {dependsOn: ['b', {subtask: 'c', when: 'completion'}]}),
			],
		});
		const layout = layoutRails(plan, {maxLanes: 2});
		expect(railText(layout)).toEqual(['◆    a', '├▸●  b', '╰▸●  c', '●◃╯  d  ← b']);
		expect(layout.rows[3]?.spilled).toEqual([{subtask: 'b', when: 'success'}]);
	});

	test('keep lanes for what is near when there is much that is far', () => {
		const far = Array.from({length: 7}, (_, index) => `far-${index}`);
		const chain = Array.from({length: 50}, (_, index) => `link-${index}`);
		const plan = planOf({
			subtasks: [
				...far.map(id => subtask(id)),
				...chain.map((id, index) =>
					subtask(id, {dependsOn: index === 0 ? [] : [`link-${index - 1}`]}),
				),
				...far.map((id, index) =>
					subtask(`end-${index}`, {dependsOn: [id, 'link-49', ...(index === 0 ? ['near'] : [])]}),
				),
				subtask('beside', {dependsOn: ['link-20']}),
				subtask('near', {dependsOn: ['link-20', 'beside', 'link-30']}),
			],
		});
		const {rows} = layoutRails(plan);
		const spilled = rows.flatMap(row =>
			row.spilled.map(edge => `${edge.subtask} → ${row.subtask.id}`),
		);
		expect(spilled).toHaveLength(3);
		for (const edge of spilled) {
			expect(edge).toMatch(/^far-. → end-.$/);
		}
	});

	test('know of each piece whose it is', () => {
		const plan = planOf({
			subtasks: [
				subtask('a'),
				subtask('b', {dependsOn: ['a']}),
				subtask('c', {dependsOn: ['a']}),
				subtask('d', {dependsOn: ['b', 'c']}),
			],
		});
		const layout = layoutRails(plan);
		expect(railText(layout)).toEqual(['◆      a', '├▸●─╮  b', '╰▸●─┤  c', '●◂──╯  d']);
		expect(layout.rows.map(({cells}) => cells.map(({row}) => row).join(''))).toEqual([
			'0',
			'01111',
			'02221',
			'33332',
		]);
	});
});
