import {describe, expect, test} from 'vitest';
import type {RunEventBody} from '../../source/core/run-event.ts';
import {defaultRunSettings} from '../../source/core/settings.ts';
import {placed, sampleReport} from './every-event.ts';
import {approved, fold, foldAll, proposed, requested} from './folded-state.ts';

describe('resuming', () => {
	const resumed: RunEventBody = {type: 'run-resumed', settings: defaultRunSettings, program: '2'};
	const stopped: RunEventBody = {
		type: 'run-stopped',
		report: {...sampleReport, outcome: 'interrupted'},
	};
	const call: RunEventBody = {
		type: 'model-call-started',
		agent: 'lead',
		call: 'c1',
		turn: 1,
		request: 'ab',
		reserved: 4_000,
	};

	test('counts what was under way as spent, and lets no agent wait for it', () => {
		const waiting: RunEventBody = {type: 'agent-waiting', agent: 'lead', for: 'slot'};
		const state = fold([call, waiting, resumed]);
		expect(state.usage.lost).toBe(4_000);
		expect(state.openCalls.size).toBe(0);
		expect(state.agents.get('lead')).toMatchObject({activity: 'idle', waitsFor: undefined});
	});

	test('does not count a call twice', () => {
		expect(fold([call, resumed, resumed]).usage.lost).toBe(4_000);
	});

	test('goes on where the run stood, with the new settings', () => {
		const settings = {...defaultRunSettings, maxTokens: 5};
		const state = fold([proposed, requested, approved, stopped, {...resumed, settings}]);
		expect(state).toMatchObject({status: 'running', report: undefined, settings: {maxTokens: 5}});
	});

	test('forgets a cancellation that ended the run', () => {
		expect(fold([{type: 'cancel-requested'}, stopped]).cancelRequested).toBe(true);
		expect(fold([{type: 'cancel-requested'}, stopped, resumed]).cancelRequested).toBe(false);
	});

	test('counts the time of every invocation, but not the time in between', () => {
		const at = (seconds: number, body: RunEventBody) => placed(body, seconds);
		const events = [
			at(1, {type: 'planning-started', revision: 1}),
			at(4, stopped),
			at(50, resumed),
			at(52, {type: 'planning-started', revision: 2}),
			// A crash, noticed much later.
			at(58, resumed),
			at(59, stopped),
			// An undo after the end is nobody's working time.
			at(60, {type: 'undo-finished', files: [], kept: []}),
		];
		expect(foldAll(events).activeMs).toBe(3_000 + 2_000 + 1_000);
	});

	test('is not put off by a clock that was set back', () => {
		const late = placed({type: 'planning-started', revision: 1}, 30);
		const early = placed({type: 'planning-started', revision: 1}, 10);
		expect(foldAll([late, early, late]).activeMs).toBe(20_000);
	});
});
