import type {Plan} from '../../source/core/plan.ts';
import type {Payload} from '../../source/core/payload.ts';
import {emptyRunState, pendingSubtask, type RunState} from '../../source/core/run-state.ts';
import type {CheckState, SubtaskState} from '../../source/core/run-state-entries.ts';
import {rowText, type Row} from '../../source/present/text/row.ts';
import {detailRows} from '../../source/present/subtask-details.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';

/** A plan in which api is between others, with all that a subtask can have. */
export const plan = planOf({
	subtasks: [
		subtask('schema', {outputs: ['count']}),
		subtask('deps'),
		subtask('api', {
			title: 'Write the endpoints',
			instructions: 'Add them to src/api.ts:\n\n  - GET /users\n  - POST /sessions',
			dependsOn: ['schema', 'deps'],
			writes: ['src/api/**', 'test/api'],
			checks: ['npm test -- api', {name: 'types', command: 'npx tsc --noEmit'}],
			outputs: ['port', 'url'],
		}),
		subtask('fix', {dependsOn: [{subtask: 'api', when: 'failure'}]}),
		subtask('ship', {dependsOn: ['api']}),
	],
});

/** A diff of one line, as an attempt leaves it behind. */
export const diff = 'diff --git a/a.ts b/a.ts\n@@ -1 +1 @@\n-old\n+new\n';

/** The details of a subtask, `width` columns wide. Without `read`, texts in blobs are not at hand. */
export function detailsOf(
	state: RunState,
	id: string,
	width = 80,
	read = (payload: Payload) => (typeof payload === 'string' ? payload : undefined),
): readonly Row[] {
	return detailRows(state, id, width, read);
}

/** The same as text. */
export function linesOf(...details: Parameters<typeof detailsOf>): readonly string[] {
	return detailsOf(...details).map(rowText);
}

/** The check `npm test`; it runs where `passed` is undefined. */
export function checkOf(
	passed: boolean | undefined,
	exitCode: number | null,
	output: Payload,
): CheckState {
	return {name: 'npm test', command: 'npm test', passed, exitCode, durationMs: 3_210, output};
}

/** A state with this plan, approved, whose subtasks are pending but for these fields. */
export function stateOf(
	shown: Plan,
	fields: Readonly<Record<string, Partial<SubtaskState>>>,
): RunState {
	const state = emptyRunState();
	state.plan = {
		revision: 1,
		hash: 'hash',
		plan: shown,
		origin: 'lead',
		verdicts: [],
		approved: true,
	};
	for (const {id} of shown.subtasks) {
		state.subtasks.set(id, {...pendingSubtask(id), ...fields[id]});
	}

	return state;
}
