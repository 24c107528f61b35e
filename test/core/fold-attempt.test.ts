import {describe, expect, test} from 'vitest';
import type {RunEventBody} from '../../source/core/run-event.ts';
import {scope, started} from './agent-events.ts';
import {everyEvent} from './every-event.ts';
import {fold as after} from './folded-state.ts';

describe('an attempt', () => {
	const begun: RunEventBody = {type: 'subtask-started', ...scope, base: 'b'};

	test('is what its teammate is at from its start until its end', () => {
		expect(after([begun]).agents.get('t1')).toMatchObject({
			activity: 'calling',
			detail: 'preparing its workspace',
			subtask: 'a',
			attempt: 1,
		});
		expect(after([begun, started]).agents.get('t1')).toMatchObject({activity: 'thinking'});
		const [first] = everyEvent;
		if (first?.type !== 'run-started') {
			throw new Error('no start');
		}
		const known: RunEventBody = {...begun, agent: 'teammate-1'};
		expect(after([first, known]).agents.get('teammate-1')).toMatchObject({provider: 'ollama'});
	});

	test.each([
		[{type: 'attempt-finished', ...scope, change: null, summary: '', outputs: {}}],
		[{type: 'subtask-completed', subtask: 'a', attempt: 1, summary: '', outputs: {}}],
		[{type: 'attempt-restarted', subtask: 'a', attempt: 1, reason: ''}],
		[{type: 'subtask-cancelled', subtask: 'a', reason: ''}],
		[{type: 'subtask-failed', subtask: 'a', failure: {kind: 'internal', message: ''}}],
	] satisfies readonly (readonly [RunEventBody])[])('that is over leaves it idle: %#', over => {
		expect(after([begun, over]).agents.get('t1')).toMatchObject({
			activity: 'idle',
			subtask: undefined,
		});
		// It may work on something else by then.
		expect(after([begun, {...begun, subtask: 'b'}, over]).agents.get('t1')).toMatchObject({
			activity: 'calling',
			subtask: 'b',
		});
	});
});

describe('checks of an attempt', () => {
	const check: RunEventBody = {
		type: 'check-started',
		subtask: 'a',
		attempt: 1,
		place: 'workspace',
		check: 'test',
		command: 'npm test',
	};
	const green: RunEventBody = {
		type: 'check-finished',
		subtask: 'a',
		attempt: 1,
		place: 'workspace',
		check: 'test',
		passed: true,
		exitCode: 0,
		durationMs: 1,
		output: '',
	};
	const verified: RunEventBody = {
		type: 'verification-finished',
		subtask: 'a',
		attempt: 1,
		round: 1,
		passed: false,
		report: '',
	};

	test('are what its agent is at, until all of them have run', () => {
		const does = (bodies: readonly RunEventBody[]) => after(bodies).agents.get('t1');
		expect(does([started, check])).toMatchObject({activity: 'verifying', detail: 'npm test'});
		expect(does([started, check, green])).toMatchObject({
			activity: 'verifying',
			detail: undefined,
		});
		expect(does([started, check, green, verified])).toMatchObject({activity: 'thinking'});
	});

	test('are nobody’s when the agent is elsewhere, or when they run on the merged result', () => {
		const elsewhere: RunEventBody = {...started, subtask: 'b'};
		const doing = {activity: 'thinking', subtask: 'b'};
		expect(after([started, elsewhere, check]).agents.get('t1')).toMatchObject(doing);
		const rest: RunEventBody = {type: 'agent-finished', ...scope, reason: 'finished', turns: 1};
		const merged: RunEventBody = {...check, place: 'merged'};
		expect(after([started, rest, merged]).agents.get('t1')).toMatchObject({activity: 'idle'});
		expect(after([started, merged]).agents.get('t1')).toMatchObject({activity: 'thinking'});
	});
});
