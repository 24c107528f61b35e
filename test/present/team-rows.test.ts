import {describe, expect, test} from 'vitest';
import type {RunEventBody} from '../../source/core/run-event.ts';
import {rowText, rowWidth} from '../../source/present/text/row.ts';
import {agentHeading, agentsOf, teamHeading, teamRow} from '../../source/present/team-rows.ts';
import {poison, unprintable} from '../core/hostile.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';
import {begun, decided, literalRun, planning, proposed} from '../helpers/ui-run.ts';

const plan = planOf({subtasks: [subtask('api'), subtask('docs', {dependsOn: ['api']})]});
const scope = {agent: 'alice', subtask: 'api', attempt: 1};
const working: readonly RunEventBody[] = [
	...planning(),
	...proposed(plan),
	decided('p1'),
	...begun('api', 'alice'),
	{
		type: 'model-call-finished',
		...scope,
		call: 'c1',
		request: 'r',
		model: 'qwen3',
		answer: '{}',
		stopReason: 'end',
		usage: {
			input: 12_000,
			output: 400,
			cacheRead: null,
			cacheWrite: null,
			reasoning: null,
			estimated: false,
		},
		durationMs: 1,
	},
	{
		type: 'tool-call-started',
		...scope,
		call: 't1',
		tool: 'read_file',
		effect: 'read',
		summary: 'read_file source/server/health-endpoint.ts',
	},
];

function stateOf(past: readonly RunEventBody[]) {
	return literalRun({past}).state();
}

function rowsOf(past: readonly RunEventBody[], options: {width: number; ascii?: boolean}) {
	const state = stateOf(past);
	return agentsOf(state).map(agent => teamRow(agent, state, options));
}

describe('the team', () => {
	test('is the lead and the teammates, also those of whom nothing was heard yet', () => {
		expect(agentsOf(stateOf(planning())).map(({name, model}) => [name, model])).toEqual([
			['lead', 'qwen3'],
			['alice', 'qwen3'],
			['bob', 'qwen3'],
		]);
		expect(agentsOf(stateOf([]))).toEqual([]);
	});

	test('says in a row each what everybody does or waits for, and what it has used', () => {
		expect(rowsOf(working, {width: 48}).map(rowText)).toEqual([
			'○ lead        idle                              ',
			'● alice       api read_file source/server… 12.4k',
			'○ bob         waiting for api                   ',
		]);
	});

	test('has a form in ASCII', () => {
		const waiting = {type: 'agent-waiting', ...scope, for: 'approval'} as const;
		const signs = (past: readonly RunEventBody[]) =>
			rowsOf(past, {width: 48, ascii: true}).map(row => row[0]?.text);
		expect(signs(working)).toEqual(['. ', '* ', '. ']);
		expect(signs([...working, waiting])).toEqual(['. ', '! ', '. ']);
	});

	test.each([20, 36, 37, 56, 100])('fills exactly %i columns, whatever the names', width => {
		const names = ['alice', '使用使用使用使用使用', 'a'.repeat(40), `eve${poison}`];
		const past = [...planning({teammates: names}), ...working.slice(2)];
		for (const row of rowsOf(past, {width})) {
			expect(rowWidth(row)).toBe(width);
		}
	});

	test('keeps names in their columns', () => {
		const rows = rowsOf(planning({teammates: ['使用', '使用使用使用使用使用', 'a'.repeat(40)]}), {
			width: 48,
		});
		expect(rows.map(rowText)).toEqual([
			'○ lead        idle                              ',
			'○ 使用        idle                              ',
			'○ 使用使用使… idle                              ',
			'○ aaaaaaaaaa… idle                              ',
		]);
	});

	test('is counted in its heading', () => {
		const waiting = {type: 'agent-waiting', ...scope, for: 'approval'} as const;
		expect(teamHeading(stateOf(planning()))).toBe('Team · 0 of 3 working');
		expect(teamHeading(stateOf(working))).toBe('Team · 1 of 3 working');
		expect(teamHeading(stateOf([...working, waiting]))).toBe('Team · 0 of 3 working · 1 waiting');
	});
});

describe('the heading of a log', () => {
	test('says whose it is, with what model, and what it does', () => {
		const state = stateOf(working);
		const [, alice, bob] = agentsOf(state);
		const heading = (agent = alice, width = 60) =>
			agent && rowText(agentHeading(agent, state, width));
		expect(heading()).toBe('alice · api · qwen3 · read_file source/server/health-endpoi…');
		expect(heading(bob)?.trimEnd()).toBe('bob · qwen3 · waiting for api');
		expect(heading(alice, 12)).toBe('alice · api…');
	});

	test('names the provider where no model was chosen', () => {
		const state = stateOf(planning({model: ''}));
		const [lead] = agentsOf(state);
		expect(lead && rowText(agentHeading(lead, state, 30)).trimEnd()).toBe('lead · ollama · idle');
	});
});

test('names and models that would write to the terminal do not', () => {
	const state = stateOf(planning({teammates: [`eve${poison}\n`], model: `m${poison}\n`}));
	for (const agent of agentsOf(state)) {
		const shown =
			rowText(teamRow(agent, state, {width: 60})) + rowText(agentHeading(agent, state, 80));
		expect(shown).not.toMatch(unprintable);
		expect(shown).not.toContain('\n');
	}
});
