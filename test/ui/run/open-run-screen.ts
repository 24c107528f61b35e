import type {RunEventBody} from '../../../source/core/run-event.ts';
import {planOf, subtask} from '../../helpers/run-parts.ts';
import {begun, decided, literalRun, planning, proposed} from '../../helpers/ui-run.ts';
import {screenOf} from '../frame.tsx';
import {openRunApp, type TestAppOptions} from '../open-test-app.ts';

/** A plan of two subtasks, with checks. */
export const plan = planOf({
	summary: 'Adds the endpoint.',
	subtasks: [
		subtask('api', {title: 'Write the endpoint', checks: ['npm test']}),
		subtask('docs', {title: 'Describe it', dependsOn: ['api']}),
	],
	checks: ['npm run lint'],
});

/** A plan waits for a decision. */
export const planAsked: readonly RunEventBody[] = [...planning(), ...proposed(plan)];

/** The first subtask is at work. */
export const working: readonly RunEventBody[] = [
	...planAsked,
	decided('p1'),
	...begun('api', 'alice'),
];

/** The attempt of the first subtask. */
export const scope = {agent: 'alice', subtask: 'api', attempt: 1};

/** A run on the screen of who owns it. */
export async function open(past: readonly RunEventBody[], options: TestAppOptions = {}) {
	const run = literalRun({past});
	const test = await openRunApp({kind: 'own', run}, options);
	return {...test, run, screen: () => screenOf(test.app).join('\n')};
}
