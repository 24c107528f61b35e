import type {ChatRequest as OllamaRequest, Message as OllamaMessage} from 'ollama';
import type {AssistantMessage, ChatRequest, Message} from '../../core/chat.ts';
import {isJsonObject} from '../../core/json.ts';
import {argumentsOf} from '../transport/call-parts.ts';
import type {OllamaModel} from './models.ts';
import {wellFormed} from '../transport/well-formed.ts';

/** Supported by the server, but missing in the package's types. */
type Body = Omit<OllamaRequest, 'messages' | 'tools' | 'stream'> & {
	stream: true;
	messages: (OllamaMessage & {tool_call_id?: string})[];
	tools?: {type: string; function: {name: string; description: string; parameters: object}}[];
	truncate: false;
	shift: false;
};

/**
 * How long a model stays loaded after an answer: checks and people may take minutes between turns.
 */
const keepAlive = '10m';

/**
 * A request for `POST /api/chat`. Without `num_ctx`, the server picks a context size based on its
 * memory; without `truncate: false`, it silently drops the start of a long conversation. It rejects
 * tools for a model without a tool template, so these are left out.
 * https://github.com/ollama/ollama/blob/main/docs/api.md
 */
export function ollamaBody(
	request: ChatRequest,
	{canCall, contextTokens}: Pick<OllamaModel, 'canCall' | 'contextTokens'>,
): Body {
	const {
		model,
		system,
		messages,
		tools = [],
		toolChoice,
		output,
		maxOutputTokens,
	} = wellFormed(request);
	return {
		model,
		messages: [
			...(system === '' ? [] : [{role: 'system', content: system}]),
			...messages.flatMap(message => ollamaMessages(message, model)),
		],
		// The API has no tool choice; for `none`, send no tools.
		...(tools.length === 0 || toolChoice === 'none' || canCall === false
			? {}
			: {
					tools: tools.map(({name, description, input}) => ({
						type: 'function',
						function: {name, description, parameters: input},
					})),
				}),
		...(output === undefined ? {} : {format: output.schema}),
		options: {num_ctx: contextTokens, num_predict: maxOutputTokens},
		keep_alive: keepAlive,
		truncate: false,
		shift: false,
		stream: true,
	};
}

function ollamaMessages(message: Message, model: string): Body['messages'] {
	switch (message.role) {
		case 'user':
			return [{role: 'user', content: message.text}];
		case 'tool': {
			const {name, callId, text} = message;
			return [{role: 'tool', tool_name: name, tool_call_id: callId, content: text}];
		}

		case 'assistant': {
			const {origin} = message;
			return assistantMessages(message, origin.provider === 'ollama' && origin.model === model);
		}
	}
}

function assistantMessages({parts}: AssistantMessage, isOwn: boolean): Body['messages'] {
	const content = parts.map(part => (part.kind === 'text' ? part.text : '')).join('');
	const calls = parts
		.filter(part => part.kind === 'tool-call')
		.map(call => ({id: call.id, function: {name: call.name, arguments: argumentsOf(call)}}));
	if (content === '' && calls.length === 0) {
		return [];
	}

	const thought = parts.find(part => part.kind === 'thinking')?.opaque;
	return [
		{
			role: 'assistant',
			content,
			...(isOwn && isJsonObject(thought) ? thought : {}),
			...(calls.length === 0 ? {} : {tool_calls: calls}),
		},
	];
}
