import type {ChatRequest as OllamaRequest, Message as OllamaMessage} from 'ollama';
import {
	textOf,
	toolCallsOf,
	type AssistantMessage,
	type ChatRequest,
	type Message,
} from '../../core/chat.ts';
import {isJsonObject} from '../../core/json.ts';
import type {RequestOptions} from '../../core/settings.ts';
import {ollamaOptions} from '../transport/request-options.ts';
import {alternateRoles} from '../transport/alternate-roles.ts';
import {argumentsOf, strictId} from '../transport/call-parts.ts';
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
	asked?: RequestOptions,
): Body {
	const {
		model,
		system,
		messages,
		tools = [],
		toolChoice,
		output,
		temperature,
		maxOutputTokens,
	} = wellFormed(request);
	const options = {
		num_ctx: contextTokens,
		num_predict: maxOutputTokens,
		...(temperature === undefined ? {} : {temperature}),
	};
	return {
		model,
		messages: [
			...(system === '' ? [] : [{role: 'system', content: system}]),
			...ollamaMessages(messages, model),
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
		options,
		keep_alive: keepAlive,
		...ollamaOptions(asked, options),
		truncate: false,
		shift: false,
		stream: true,
	};
}

function ollamaMessages(messages: readonly Message[], model: string): Body['messages'] {
	const ids = new Map<string, string>();
	return alternateRoles(messages).map(message => {
		switch (message.role) {
			case 'user':
				return {role: 'user', content: message.text};
			case 'tool': {
				const {name, callId, text} = message;
				return {
					role: 'tool',
					tool_name: name,
					tool_call_id: ids.get(callId) ?? callId,
					content: text,
				};
			}

			case 'assistant': {
				const {origin} = message;
				const isOwn = origin.provider === 'ollama' && origin.model === model;
				for (const {id} of toolCallsOf(message)) {
					ids.set(id, isOwn ? id : strictId(id));
				}

				return assistantMessage(message, ids, isOwn);
			}
		}
	});
}

function assistantMessage(
	message: AssistantMessage,
	ids: ReadonlyMap<string, string>,
	isOwn: boolean,
): Body['messages'][number] {
	const calls = toolCallsOf(message).map(call => ({
		...(isOwn ? call.opaque : {}),
		id: ids.get(call.id) ?? call.id,
		function: {name: call.name, arguments: argumentsOf(call)},
	}));
	const thought = message.parts.find(part => part.kind === 'thinking')?.opaque;
	return {
		...(isOwn && isJsonObject(thought) ? thought : {}),
		role: 'assistant',
		content: textOf(message),
		...(calls.length === 0 ? {} : {tool_calls: calls}),
	};
}
