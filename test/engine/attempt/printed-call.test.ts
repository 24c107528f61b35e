import {expect, test} from 'vitest';
import {answering, commandResult, createAgentParts, type Model} from '../../helpers/agent-parts.ts';
import {planOf, startTestRun, subtask} from '../../helpers/run-parts.ts';

test('a call that a model printed as text is made, and the log says that it was read from there', async () => {
	const printed = '```json\n{"name": "look", "arguments": {"command": "around"}}\n```';
	const model: Model = async ({messages}) =>
		messages.length === 1 ? answering(printed) : answering([['finish-1', 'done']]);
	const {run, events} = await startTestRun({
		plan: planOf({subtasks: [subtask('a')]}),
		parts: createAgentParts(model, async () => commandResult()),
	});
	expect((await run.done).outcome).toBe('completed');
	expect(events.filter(({type}) => type === 'tool-call-started')).toMatchObject([
		{tool: 'look', recovered: true},
		{tool: 'finish'},
	]);
});
