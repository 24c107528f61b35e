import {expect, test} from 'vitest';
import {steeringCommandSchema} from '../../source/core/steering-command.ts';

test('a decision is for once unless it says otherwise', () => {
	expect(
		steeringCommandSchema.parse({type: 'decide', approval: 'plan-1', decision: 'approve'}),
	).toMatchObject({scope: 'once'});
});

test.each([
	{type: 'message', to: 'lead', text: 'hello'},
	{type: 'cancel'},
	{type: 'cancel', subtask: 'a'},
	{type: 'pause'},
	{type: 'unpause'},
	{type: 'interrupt', agent: 'teammate-1'},
	{type: 'retry', subtask: 'a'},
	{type: 'revise-plan', plan: {subtasks: [{id: 'a'}]}},
	{type: 'set-budget', maxTokens: 1},
	{type: 'set-budget', maxTokens: null},
	{type: 'decide', approval: 'a', decision: 'reject', scope: 'always', feedback: 'no'},
])('is taken from the inbox: %j', command => {
	expect(steeringCommandSchema.parse(command)).toEqual(command);
});

test.each([
	[{type: 'decide', approval: 'a', decision: 'yes'}],
	[{type: 'decide', decision: 'approve'}],
	[{type: 'message', to: 'lead', text: ''}],
	[{type: 'message', to: 'lead', text: 'x'.repeat(100_001)}],
	[{type: 'interrupt'}],
	[{type: 'retry'}],
	[{type: 'revise-plan'}],
	[{type: 'set-budget', maxTokens: 0}],
	[{type: 'set-budget'}],
	[{type: 'shutdown'}],
	[{}],
	[null],
])('is refused: %#', command => {
	expect(steeringCommandSchema.safeParse(command).success).toBe(false);
});
