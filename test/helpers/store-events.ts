import {defaultRunSettings} from '../../source/core/settings.ts';
import type {EventOf, RunEvent} from '../../source/core/run-event.ts';
import type {Payload} from '../../source/core/payload.ts';

/** The first event of a run. */
export function runStarted(run: string, task: Payload = 'Add a test'): EventOf<'run-started'> {
	const lead = {name: 'lead', provider: 'demo', model: 'scripted'};
	return {
		v: 1,
		seq: 1,
		time: '2026-11-22T10:00:00.000Z',
		run,
		epoch: 1,
		type: 'run-started',
		task,
		directory: '/home/ada/project',
		team: {name: 'calm', lead, teammates: [{...lead, name: 'teammate-1'}]},
		settings: defaultRunSettings,
		program: '0.1.0',
	};
}

/** Some later event, with a text to tell it by. */
export function paused(
	place: {readonly run: string; readonly seq: number; readonly epoch?: number},
	reason = `pause ${place.seq}`,
): EventOf<'run-paused'> {
	return {
		v: 1,
		seq: place.seq,
		time: '2026-11-22T10:00:01.000Z',
		run: place.run,
		epoch: place.epoch ?? 1,
		type: 'run-paused',
		reason,
	};
}

/** A log of `count` events with text of several lines, quotes and other scripts. */
export function recordedRun(run: string, count: number): readonly RunEvent[] {
	return Array.from({length: count}, (_, index) =>
		index === 0
			? runStarted(run)
			: paused(
					{run, seq: index + 1},
					`"Größe" {${index}}\nsecond line, ${'日本'.repeat(index % 3)}`,
				),
	);
}
