import {planOf, subtask} from '../helpers/run-parts.ts';

/** The plan of a diamond: b and c after a, d after both. */
export const diamond = planOf({
	subtasks: [
		subtask('a'),
		subtask('b', {dependsOn: ['a']}),
		subtask('c', {dependsOn: ['a']}),
		subtask('d', {dependsOn: ['b', 'c']}),
	],
});
