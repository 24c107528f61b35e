import {describe, expect, test} from 'vitest';
import type {RunEventBody} from '../../source/core/run-event.ts';
import type {WaitReason} from '../../source/core/agent-events.ts';
import {activityOf} from '../../source/present/activity.ts';
import {agentsOf} from '../../source/present/team-rows.ts';
import {clockTime} from '../../source/present/words.ts';
import {poison, unprintable} from '../core/hostile.ts';
import {sampleReport} from '../core/every-event.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';
import {begun, decided, literalRun, planning, proposed} from '../helpers/ui-run.ts';

const plan = planOf({
	subtasks: ['api', 'ui', 'docs', 'tests', 'notes'].map(id => subtask(id)),
});
const approved = [...planning(), ...proposed(plan), decided('p1')];
const scope = {agent: 'alice', subtask: 'api', attempt: 1};

function activity(agent: string, ...events: readonly RunEventBody[]): string {
	return shown(agent, events).text;
}

function shown(agent: string, events: readonly RunEventBody[]) {
	const state = literalRun({past: events}).state();
	const found = agentsOf(state).find(({name}) => name === agent);
	if (!found) {
		throw new Error(`there is no ${agent}`);
	}

	return activityOf(found, state);
}

const until = '2026-11-22T10:00:30.000Z';

describe('what an agent does', () => {
	test('is planning, for the lead', () => {
		const call = {
			type: 'model-call-started',
			agent: 'lead',
			call: 'c1',
			turn: 1,
			request: 'r',
			reserved: 1,
		} as const;
		expect(activity('lead', ...planning(), call)).toBe('planning');
	});

	test('is thinking, the tool it uses, or the check that runs', () => {
		const working = [...approved, ...begun('api', 'alice')];
		expect(activity('alice', ...working)).toBe('thinking');
		expect(
			activity('alice', ...working, {
				type: 'tool-call-started',
				...scope,
				call: 't1',
				tool: 'read_file',
				effect: 'read',
				summary: 'read_file src/a.ts',
			}),
		).toBe('read_file src/a.ts');
		expect(
			activity('alice', ...working, {
				type: 'check-started',
				subtask: 'api',
				attempt: 1,
				place: 'workspace',
				check: 'test',
				command: 'npm test',
			}),
		).toBe('check: npm test');
	});
});

describe('what an agent waits for', () => {
	const words: Readonly<Record<WaitReason, string>> = {
		'rate-limit': `rate limit until ${clockTime(until)}`,
		retry: `retry at ${clockTime(until)}: call failed`,
		slot: 'waiting for a slot: why',
		budget: 'waiting for budget',
		'server-loading': `server loading until ${clockTime(until)}`,
		approval: 'waiting for you',
		decision: 'waiting for you',
		message: 'waiting for your message (m)',
		command: 'waiting for why',
		paused: 'paused by you',
	};
	const short: Readonly<Record<WaitReason, string>> = {
		...words,
		'rate-limit': 'rate limit',
		retry: 'call failed, retrying',
		slot: 'waiting for a slot',
		'server-loading': 'server loading',
		command: 'waiting for a command',
	};

	test.each(Object.entries(words))('%s: %s', (reason, text) => {
		const waiting = {type: 'agent-waiting', ...scope, for: reason as WaitReason} as const;
		const working = [...approved, ...begun('api', 'alice')];
		expect(shown('alice', [...working, {...waiting, detail: 'why', until}])).toEqual({
			text,
			tone: 'warning',
		});
		expect(activity('alice', ...working, waiting)).toBe(short[reason as WaitReason]);
	});

	test('is what it depends on, where there is no subtask for it', () => {
		expect(activity('bob', ...approved, ...begun('api', 'alice'))).toBe('waiting for api');
		expect(
			activity(
				'bob',
				...approved,
				...['api', 'ui', 'docs', 'tests'].flatMap(id => begun(id, 'alice')),
			),
		).toBe('waiting for api, ui, docs …');
	});

	test('is nothing before the plan is there, when all is done, and for the lead', () => {
		expect(activity('bob', ...planning())).toBe('idle');
		expect(activity('bob', ...approved)).toBe('idle');
		expect(activity('lead', ...approved, ...begun('api', 'alice'))).toBe('idle');
		expect(
			activity('bob', ...approved, ...begun('api', 'alice'), {
				type: 'run-stopped',
				report: sampleReport,
			}),
		).toBe('idle');
	});

	test('is the person, while the run is paused', () => {
		const paused = {type: 'run-paused', reason: 'by you'} as const;
		expect(activity('bob', ...approved, paused)).toBe('paused by you');
	});
});

test('a tool that would write to the terminal does not', () => {
	const started = {
		type: 'tool-call-started',
		...scope,
		call: 't1',
		tool: 'read_file',
		effect: 'read',
		summary: `read_file ${poison}\n`,
	} as const;
	const text = activity('alice', ...approved, ...begun('api', 'alice'), started);
	expect(text).not.toMatch(unprintable);
	expect(text).not.toContain('\n');
});
