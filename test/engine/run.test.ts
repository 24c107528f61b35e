import {expect, test} from 'vitest';
import {planOf, startTestRun, subtask, verified} from '../helpers/run-parts.ts';

test('a diamond runs in order and completes', async () => {
	const order: string[] = [];
	const plan = planOf({
		subtasks: [
			subtask('a'),
			subtask('b', {dependsOn: ['a']}),
			subtask('c', {dependsOn: ['a']}),
			subtask('d', {dependsOn: ['b', 'c']}),
		],
	});
	const {run, events} = await startTestRun({
		plan,
		async dispatch(spec) {
			order.push(spec.subtask.id);
			return verified;
		},
	});
	const report = await run.done;
	expect(report).toMatchObject({outcome: 'completed', exitCode: 0});
	expect(order).toEqual(['a', 'b', 'c', 'd']);
	expect(events.map(({seq}) => seq)).toEqual(events.map((_, index) => index + 1));
	expect(events.at(-1)?.type).toBe('run-finished');
});
