import {createRecorder, type Recorder} from '../../source/engine/log/recorder.ts';
import {createMemoryStore} from '../../source/store/memory/store.ts';
import type {RunEvent} from '../../source/core/run-event.ts';
import {defaultRunSettings, type RunSettings} from '../../source/core/settings.ts';
import {quickClock} from './run-parts.ts';

/** A recorder over a memory store (or the given one), at the start of a run. */
export async function createTestRecorder(
	settings: Partial<RunSettings> = {},
	store = createMemoryStore({redact: text => text}),
): Promise<Recorder> {
	const first: RunEvent = {
		v: 1,
		seq: 1,
		time: new Date(0).toISOString(),
		run: 'test-run',
		epoch: 1,
		type: 'run-started',
		task: 'do it',
		directory: '/nowhere',
		team: {
			name: 'team',
			lead: {name: 'lead', provider: 'demo', model: 'm'},
			teammates: [{name: 'teammate-1', provider: 'demo', model: 'm'}],
		},
		settings: {...defaultRunSettings, attended: true, ...settings},
		program: 'test',
	};
	const log = await store.create(first, []);
	return createRecorder({log, clock: quickClock, redact: text => text, events: [first]});
}
