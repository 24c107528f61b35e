import type {AssistantMessage, Message, ToolMessage, ToolSpec} from '../core/chat.ts';
import type {Json} from '../core/json.ts';
import type {SmallModelForm, TeammateBrief} from './agent.ts';
import {smallTeammateSystemPrompt} from './prompts.ts';

/*
 * What small models get in place of a teammate's request. Measured with 135 and 270 million parameters:
 * they follow the latest message, so that is the work and nothing else; rules, checks and context are in
 * the system prompt; and they imitate, so without native calls they are shown some.
 */

/** @param messages the conversation, which starts with the prompt of the subtask */
export function smallTeammateRequest(
	brief: TeammateBrief,
	messages: readonly Message[],
	specs: readonly ToolSpec[],
): SmallModelForm {
	const useless = new Set([
		// Small models use them in place of work.
		'search',
		'send_message',
		...(brief.commandsNeedPermission ? ['run_command'] : []),
		// Again, with nothing changed since its checks were red.
		...(isRed(messages.at(-1)) ? ['finish'] : []),
	]);
	const work: Message = {role: 'user', text: brief.subtask.instructions};
	return {
		system: smallTeammateSystemPrompt(brief),
		examples: exampleCalls,
		messages: [work, ...messages.slice(1)],
		tools: specs.filter(({name}) => !useless.has(name)),
	};
}

function isRed(last: Message | undefined): boolean {
	return last?.role === 'tool' && last.name === 'finish' && last.isError;
}

/** Each: a file, what is written into it. */
const examples = [
	['notes.md', 'good morning'],
	['src/color.js', 'blue'],
] as const;

const exampleCalls: readonly Message[] = examples.flatMap(([path, text], index) => [
	{role: 'user', text: `Write the text "${text}" into ${path}.`},
	...callMessages(
		`example_${index}_write`,
		'write_file',
		{path, content: `${text}\n`},
		`Created ${path} (1 line).`,
	),
	...callMessages(`example_${index}_end`, 'finish', {summary: `Wrote ${path}.`}, 'Finished.'),
]);

function callMessages(
	id: string,
	name: string,
	input: Record<string, Json>,
	text: string,
): readonly [AssistantMessage, ToolMessage] {
	const argumentsText = JSON.stringify(input);
	return [
		{
			role: 'assistant',
			parts: [{kind: 'tool-call', id, name, argumentsText, arguments: input}],
			origin: {provider: '', model: ''},
		},
		{role: 'tool', callId: id, name, text, isError: false},
	];
}
