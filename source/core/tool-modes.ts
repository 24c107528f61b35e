import {toolCallsOf, textOf, type ChatRequest, type Message, type ToolSpec} from './chat.ts';
import type {JsonSchema} from './json.ts';

/** How a model gets to call tools. */
export type ToolMode = {
	/** `described`: the model has no native calls, so tools, calls and results are sent as text. */
	readonly tools: 'native' | 'described';
	/** Whether the server can constrain an answer to a schema, which forces a call. */
	readonly grammar: boolean;
	/** Describes tools without the schemas of their arguments, which a grammar knows. Default: false. */
	readonly isBrief?: boolean | undefined;
};

/**
 * A request as sent to the model. If a call is required and the server can constrain the answer to
 * a schema, the answer is the JSON of one call, which is then parsed from its text: `tool_choice`
 * alone does not force small models (measured with llama-server). Without tools, the request is
 * sent unchanged.
 */
export function applyToolMode(request: ChatRequest, toolMode: ToolMode): ChatRequest {
	const {tools: mode, grammar, isBrief = false} = toolMode;
	const {tools = [], toolChoice} = request;
	if (tools.length === 0) {
		return request;
	}

	const isForced =
		grammar && (mode === 'described' ? toolChoice !== 'none' : toolChoice === 'required');
	const asked =
		mode === 'described' ? describeInPrompt(request, tools, isBrief) : withAutoChoice(request);
	return isForced ? {...asked, output: {name: 'tool_call', schema: callSchema(tools)}} : asked;
}

/** Vendors reject forced calls together with thinking, and don't need them. */
function withAutoChoice(request: ChatRequest): ChatRequest {
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

function describeInPrompt(
	request: ChatRequest,
	tools: readonly ToolSpec[],
	isBrief: boolean,
): ChatRequest {
	const {tools: _, toolChoice, ...rest} = request;
	return {
		...rest,
		system:
			`${request.system}\n\n${toolChoice === 'none' ? '' : describeTools(tools, isBrief)}`.trim(),
		messages: request.messages.map(messageAsText),
	};
}

function describeTools(tools: readonly ToolSpec[], isBrief: boolean): string {
	if (isBrief) {
		const lines = tools.map(({name, description}) => `- ${name}: ${firstSentence(description)}`);
		return `Each answer is the call of one tool, as one JSON document and nothing else. Tools:\n${lines.join('\n')}`;
	}

	return [
		'# Tools',
		'To call a tool answer with one JSON document and nothing else: {"name": "<tool>", "arguments": {…}}. You get the result as the next message.',
		...tools.map(
			({name, description, input}) =>
				`- ${name}: ${description}\n  Arguments: ${JSON.stringify(input)}`,
		),
	].join('\n');
}

function firstSentence(text: string): string {
	return text.split(/\. (?=[A-Z])/, 1)[0] ?? text;
}

function messageAsText(message: Message): Message {
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
