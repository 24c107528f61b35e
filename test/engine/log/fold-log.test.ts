import {expect, test} from 'vitest';
import {applyEvent} from '../../../source/core/fold.ts';
import {runStateFromJson, runStateToJson} from '../../../source/core/run-state-json.ts';
import {foldLog, planResolver} from '../../../source/engine/log/fold-log.ts';
import {planOf, startTestRun, subtask} from '../../helpers/run-parts.ts';

test('a client that gets a state as JSON, then events, gets a plan that is stored as a blob', async () => {
	const plan = planOf({subtasks: [subtask('a', {instructions: 'x'.repeat(20_000)})]});
	const {run, store} = await startTestRun({plan});
	await run.done;
	const events = await run.events();
	expect(events.find(({type}) => type === 'plan-proposed')).toMatchObject({
		plan: {blob: expect.any(String)},
	});
	const readBlob = async (hash: string) => store.readBlob(run.id, hash);
	const whole = await foldLog(events, readBlob);
	expect(whole.plan?.plan).toEqual(plan);

	const early = await foldLog(events.slice(0, 1), readBlob);
	const client = runStateFromJson(JSON.parse(JSON.stringify(runStateToJson(early))));
	const later = await run.events(client.seq);
	const resolve = await planResolver(later, readBlob);
	for (const event of later) {
		applyEvent(client, event, resolve);
	}

	expect(client).toEqual(whole);
});
