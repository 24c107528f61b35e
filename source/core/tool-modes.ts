import {toolCallsOf, textOf, type ChatRequest, type Message, type ToolSpec} from './chat.ts';
import type {JsonSchema} from './json.ts';

/** How a model is brought to call tools. */
export type ToolMode = {
	/** `described`: it has no form for calls of its own, so tools, calls and results are told as text. */
	readonly tools: 'native' | 'described';
	/** Whether the server holds an answer to a schema: then a call can be forced. */
	readonly grammar: boolean;
};

/**
 * A request as it is sent to a model. Where a call is wanted and the server can hold the answer to a
 * schema, the answer is the JSON of one call, which is then read from its text; `tool_choice` alone
 * forces nothing with small models (measured with llama-server). Without tools it is sent as it is.
 */
export function inToolMode(request: ChatRequest, {tools: mode, grammar}: ToolMode): ChatRequest {
	const {tools = [], toolChoice} = request;
	if (tools.length === 0) {
		return request;
	}

	const isForced =
		grammar && (mode === 'described' ? toolChoice !== 'none' : toolChoice === 'required');
	const asked = mode === 'described' ? described(request, tools) : withFreeChoice(request);
	return isForced ? {...asked, output: {name: 'tool_call', schema: callSchema(tools)}} : asked;
}

/** Vendors refuse forced calls together with thinking, and need no force. */
function withFreeChoice(request: ChatRequest): ChatRequest {
	return request.toolChoice === 'required' ? {...request, toolChoice: 'auto'} : request;
}

function callSchema(tools: readonly ToolSpec[]): JsonSchema {
	return {
		anyOf: tools.map(({name, input}) => ({
			type: 'object',
			properties: {name: {const: name}, arguments: input},
			required: ['name', 'arguments'],
			additionalProperties: false,
		})),
	};
}

function described(request: ChatRequest, tools: readonly ToolSpec[]): ChatRequest {
	const {tools: _, toolChoice, ...rest} = request;
	return {
		...rest,
		system: `${request.system}\n\n${toolChoice === 'none' ? '' : describeTools(tools)}`.trim(),
		messages: request.messages.map(inWords),
	};
}

function describeTools(tools: readonly ToolSpec[]): string {
	return [
		'# Tools',
		'To call a tool answer with one JSON document and nothing else: {"name": "<tool>", "arguments": {…}}. You get the result as the next message.',
		...tools.map(
			({name, description, input}) =>
				`- ${name}: ${description}\n  Arguments: ${JSON.stringify(input)}`,
		),
	].join('\n');
}

function inWords(message: Message): Message {
	switch (message.role) {
		case 'user':
			return message;
		case 'tool':
			return {
				role: 'user',
				text: `${message.isError ? 'Error' : 'Result'} of ${message.name}:\n${message.text}`,
			};
		case 'assistant': {
			const calls = toolCallsOf(message).map(call =>
				JSON.stringify({name: call.name, arguments: call.arguments ?? {}}),
			);
			const text = [textOf(message), ...calls].filter(Boolean).join('\n');
			return {...message, parts: text === '' ? [] : [{kind: 'text', text}]};
		}
	}
}
