import type Anthropic from '@anthropic-ai/sdk';
import type {AssistantMessage, ChatRequest, Message} from '../core/chat.ts';
import {argumentsOf, isJsonObject} from './calls.ts';

type Body = Anthropic.MessageCreateParamsStreaming;
type Block = Anthropic.ContentBlockParam;

/**
 * A request as `POST /v1/messages` takes it. Two cache marks: one behind tools and instructions,
 * which all turns share, one (the top-level mark) behind the last block.
 * https://platform.claude.com/docs/en/build-with-claude/prompt-caching
 */
export function anthropicBody(request: ChatRequest): Body {
	const {model, system, messages, tools = [], toolChoice, output, maxOutputTokens} = request;
	return {
		model,
		max_tokens: maxOutputTokens,
		cache_control: cacheMark,
		...(system === '' ? {} : {system: [{type: 'text', text: system, cache_control: cacheMark}]}),
		messages: joinTurns(messages.map(message => anthropicTurn(message, model))),
		...(tools.length === 0
			? {}
			: {
					tools: tools.map(({name, description, input}, index) => ({
						name,
						description,
						input_schema: {type: 'object' as const, ...input},
						...(system === '' && index === tools.length - 1 ? {cache_control: cacheMark} : {}),
					})),
					...(toolChoice === undefined
						? {}
						: {tool_choice: {type: toolChoice === 'required' ? 'any' : toolChoice}}),
				}),
		...(output === undefined
			? {}
			: {output_config: {format: {type: 'json_schema', schema: output.schema}}}),
		stream: true,
	};
}

const cacheMark = {type: 'ephemeral'} as const;

type Turn = {role: 'user' | 'assistant'; content: Block[]};

function anthropicTurn(message: Message, model: string): Turn {
	switch (message.role) {
		case 'user':
			return {role: 'user', content: textBlocks(message.text)};
		case 'tool':
			return {
				role: 'user',
				content: [
					{
						type: 'tool_result',
						tool_use_id: wireId(message.callId),
						content: message.text,
						is_error: message.isError,
					},
				],
			};
		case 'assistant':
			return {role: 'assistant', content: assistantBlocks(message, model)};
	}
}

function assistantBlocks({parts, origin}: AssistantMessage, model: string): Block[] {
	const isOwn = origin.provider === 'anthropic' && origin.model === model;
	return parts.flatMap((part): Block[] => {
		switch (part.kind) {
			case 'text':
				return textBlocks(part.text);
			case 'tool-call':
				return [{type: 'tool_use', id: wireId(part.id), name: part.name, input: argumentsOf(part)}];
			case 'thinking':
				// Signed blocks of this very model, as they came: the API checks them.
				return isOwn && isJsonObject(part.opaque) ? [part.opaque as unknown as Block] : [];
		}
	});
}

/** The API takes no empty text. */
function textBlocks(text: string): Block[] {
	return text === '' ? [] : [{type: 'text', text}];
}

/** Results of calls that were made together belong into one turn; empty turns do not exist. */
function joinTurns(turns: readonly Turn[]): Turn[] {
	const joined: Turn[] = [];
	for (const {role, content} of turns.filter(turn => turn.content.length > 0)) {
		const last = joined.at(-1);
		if (last?.role === role) {
			last.content.push(...content);
		} else {
			joined.push({role, content: [...content]});
		}
	}

	return joined;
}

/** Ids that another provider made may have characters that this API refuses. */
function wireId(id: string): string {
	return id.replace(/[^\w-]/g, '_');
}
