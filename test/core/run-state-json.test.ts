import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {applyEvent} from '../../source/core/fold.ts';
import type {RunEvent} from '../../source/core/run-event.ts';
import {emptyRunState, type RunState} from '../../source/core/run-state.ts';
import {runStateFromJson, runStateToJson} from '../../source/core/run-state-json.ts';
import {everyEvent, placed} from './every-event.ts';
import {anyLog, simulatedLog} from './simulated-run.ts';

function foldOf(events: readonly RunEvent[], state = emptyRunState()): RunState {
	for (const event of events) {
		applyEvent(state, event);
	}

	return state;
}

/** As another process gets it. */
function sent(state: RunState): RunState {
	return runStateFromJson(JSON.parse(JSON.stringify(runStateToJson(state))));
}

test('a state that travels as JSON is the same, and goes on as the state it was made of', () => {
	fc.assert(
		fc.property(fc.oneof(simulatedLog, anyLog), fc.nat(), (events, place) => {
			const cut = events.length === 0 ? 0 : place % events.length;
			const before = foldOf(events.slice(0, cut));
			const received = sent(before);
			expect(received).toEqual(before);
			expect(foldOf(events.slice(cut), received)).toEqual(foldOf(events));
		}),
	);
});

test('a state with everything in it travels whole', () => {
	const events = everyEvent.map((event, index) => placed(event, index + 1));
	const state = foldOf(events);
	expect(sent(state)).toEqual(state);
	const json = runStateToJson(state);
	for (const name of ['subtasks', 'agents', 'approvals', 'messages'] as const) {
		expect(json[name], name).not.toEqual([]);
	}
});

test('the JSON is a copy: it does not change with the run', () => {
	const state = foldOf(everyEvent.slice(0, 3).map((event, index) => placed(event, index + 1)));
	const json = runStateToJson(state);
	const text = JSON.stringify(json);
	state.feedback.push('later');
	state.inboxSeen.add('later');
	expect(JSON.stringify(json)).toBe(text);
});

test('JSON of another shape is refused', () => {
	expect(() => runStateFromJson({...runStateToJson(emptyRunState()), status: 'odd'})).toThrow(
		/status/,
	);
});
