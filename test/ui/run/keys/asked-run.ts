import {planOf, subtask} from '../../../helpers/run-parts.ts';
import {
	asked,
	begun,
	decided,
	literalRun,
	planning,
	proposed,
	type LiteralRunOptions,
} from '../../../helpers/ui-run.ts';
import {openRunApp, type TestAppOptions} from '../../open-test-app.ts';

/** The plan that is asked about: docs after api. */
export const plan = planOf({subtasks: [subtask('api'), subtask('docs', {dependsOn: ['api']})]});

/** A run that asks for its plan, as `p1`. */
export const planAsked = [...planning(), ...proposed(plan)];

/** The run later, when alice asks for a command of api, as `t1`. */
export const toolAsked = [...planAsked, decided('p1'), ...begun('api', 'alice'), asked('t1')];

/** The screen of a run of this process with this past; `run.sent` is what was sent to it. */
export async function open(
	past: LiteralRunOptions['past'],
	options: TestAppOptions & LiteralRunOptions = {},
) {
	const run = literalRun({...options, ...(past ? {past} : {})});
	const test = await openRunApp({kind: 'own', run}, options);
	return {...test, run};
}
