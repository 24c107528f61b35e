import {expect, test} from 'vitest';
import type {Team} from '../../source/core/settings.ts';
import {resumeRun} from '../../source/engine/run.ts';
import {createMemoryStore} from '../../source/store/memory/store.ts';
import {createTestParts, planOf, quickClock, startTestRun, subtask} from '../helpers/run-parts.ts';

/** A run that stopped because its provider was not there, resumed with another team; who worked then. */
async function resumeWith(change: (before: Team) => Team | undefined) {
	const store = createMemoryStore({redact: text => text});
	const first = await startTestRun({
		store,
		plan: planOf({subtasks: [subtask('a')]}),
		teammates: 1,
		dispatch: async () => ({
			kind: 'failed',
			failure: {kind: 'model-missing', message: 'no such model'},
		}),
	});
	expect((await first.run.done).outcome).toBe('no-provider');
	const models: string[] = [];
	const run = await resumeRun(
		'test-run',
		{},
		{
			store,
			clock: quickClock,
			redact: text => text,
			program: 'test',
			takeOver: false,
			team: async before => change(before),
			build: async () =>
				createTestParts({
					async dispatch({profile}) {
						models.push(profile.model);
						return {kind: 'verified', change: null, summary: 'done', outputs: {}};
					},
				}),
		},
	);
	expect((await run.done).outcome).toBe('completed');
	return {models, team: run.state().team};
}

const withModel = (team: Team, model: string): Team => ({
	...team,
	teammates: team.teammates.map(teammate => ({...teammate, model})),
});

test('a resumed run works with the models that its team has now', async () => {
	const {models, team} = await resumeWith(before => withModel(before, 'better'));
	expect(models).toEqual(['better']);
	expect(team?.teammates).toMatchObject([{model: 'better'}]);
});

test('it goes on as it was where the team is gone, or has other agents', async () => {
	expect((await resumeWith(() => undefined)).models).toEqual(['m']);
	const {models} = await resumeWith(before => ({
		...withModel(before, 'better'),
		teammates: [{name: 'somebody-else', provider: 'demo', model: 'better'}],
	}));
	expect(models).toEqual(['m']);
});
