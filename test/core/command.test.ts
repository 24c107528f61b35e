import {expect, it} from 'vitest';
import {runCommandSchema} from '../../source/core/command.ts';

it('a decision is for once unless it says otherwise', () => {
	expect(
		runCommandSchema.parse({type: 'decide', approval: 'plan-1', decision: 'approve'}),
	).toMatchObject({scope: 'once'});
});

it.each([
	{type: 'message', to: 'lead', text: 'hello'},
	{type: 'cancel'},
	{type: 'cancel', subtask: 'a'},
	{type: 'pause'},
	{type: 'unpause'},
	{type: 'decide', approval: 'a', decision: 'reject', scope: 'always', feedback: 'no'},
])('is taken from the inbox: %j', command => {
	expect(runCommandSchema.parse(command)).toEqual(command);
});

it.each([
	[{type: 'decide', approval: 'a', decision: 'yes'}],
	[{type: 'decide', decision: 'approve'}],
	[{type: 'message', to: 'lead', text: ''}],
	[{type: 'message', to: 'lead', text: 'x'.repeat(100_001)}],
	[{type: 'shutdown'}],
	[{}],
	[null],
])('is refused: %#', command => {
	expect(runCommandSchema.safeParse(command).success).toBe(false);
});
