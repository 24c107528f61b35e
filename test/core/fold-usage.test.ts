import {describe, expect, test} from 'vitest';
import type {RunEventBody} from '../../source/core/run-event.ts';
import {spentTokens, spentUsd} from '../../source/core/run-state.ts';
import {defaultRunSettings} from '../../source/core/settings.ts';
import {answered, call, scope} from './agent-events.ts';
import {fold as after} from './folded-state.ts';

describe('tokens', () => {
	test('add up for the run, the model and the agent', () => {
		const state = after([call, answered, {...call, call: 'c2'}, {...answered, call: 'c2'}]);
		const expected = {calls: 2, input: 6_420, output: 14, total: 6_434, usd: 0, unpriced: 2};
		expect(state.usage.total).toEqual(expected);
		expect(state.usage.models).toEqual(new Map([['m-2026', expected]]));
		expect(state.agents.get('t1')?.usage).toEqual(expected);
		expect(state.subtasks.get('a')?.usage).toEqual(expected);
	});

	test('come with what they cost, and with the calls of which that is not known', () => {
		const priced = {...answered, usd: 0.25};
		const state = after([call, priced, {...call, call: 'c2'}, {...answered, call: 'c2'}]);
		expect(state.usage.total).toMatchObject({calls: 2, usd: 0.25, unpriced: 1});
		expect(state.subtasks.get('a')?.usage).toMatchObject({usd: 0.25, unpriced: 1});
		const lost = after([
			{...call, reservedUsd: 0.5},
			{type: 'run-resumed', settings: defaultRunSettings, program: 'p'},
		]);
		expect(spentUsd(lost)).toBe(0.5);
	});

	test('are held back while a call is under way, not between its tries', () => {
		expect([...after([call]).openCalls.values()]).toEqual([{tokens: 900, usd: 0}]);
		const failed: RunEventBody = {
			type: 'model-call-failed',
			...scope,
			call: 'c1',
			failure: {kind: 'transient', message: 'x'},
			try: 1,
		};
		expect(after([call, {...failed, retryInMs: 5}]).openCalls.size).toBe(0);
		expect(after([call, failed]).openCalls.size).toBe(0);
		expect(after([call, answered]).openCalls.size).toBe(0);
	});

	test('of a call that failed are spent where it had used any', () => {
		const failed: RunEventBody = {
			type: 'model-call-failed',
			...scope,
			call: 'c1',
			failure: {kind: 'stream-truncated', message: 'x'},
			try: 1,
			model: 'm',
		};
		const usage = {...noUsage, input: 100, output: 20};
		expect(after([call, {...failed, usage, usd: 0.5}])).toMatchObject({
			usage: {total: {calls: 1, total: 120, usd: 0.5}, lost: 0},
			openCalls: new Map(),
		});
		expect(spentTokens(after([call, failed]))).toBe(0);
		expect(spentTokens(after([call, answered, call, {...failed, usage}]))).toBe(3_217 + 120);
	});
});

const noUsage = {
	input: null,
	cacheRead: null,
	cacheWrite: null,
	output: null,
	reasoning: null,
	estimated: true,
};
