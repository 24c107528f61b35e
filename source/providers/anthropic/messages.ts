import type Anthropic from '@anthropic-ai/sdk';
import type {AssistantMessage, ChatRequest, Message} from '../../core/chat.ts';
import {argumentsOf, isJsonObject} from '../transport/call-parts.ts';
import {wellFormed} from '../transport/well-formed.ts';

type Body = Anthropic.MessageCreateParamsStreaming;
type Input = Anthropic.MessageCountTokensParams;
type Block = Anthropic.ContentBlockParam;

/**
 * A request as `POST /v1/messages` takes it. Two cache marks: one behind tools and instructions,
 * which all turns share, one (the top-level mark) behind the last block.
 * https://platform.claude.com/docs/en/build-with-claude/prompt-caching
 */
export function anthropicBody(request: ChatRequest): Body {
	return {...anthropicInput(request), max_tokens: request.maxOutputTokens, stream: true};
}

/** What of a request counts as its input, as `POST /v1/messages/count_tokens` takes it. */
export function anthropicInput(request: ChatRequest) {
	const {model, system, messages, tools = [], toolChoice, output} = wellFormed(request);
	return {
		model,
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
	} satisfies Input;
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
						// An error without text is refused.
						content: message.text === '' ? '(no text)' : message.text,
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
	const blocks = parts.flatMap((part): Block[] => {
		switch (part.kind) {
			case 'text':
				return textBlocks(part.text);
			case 'tool-call':
				return [{type: 'tool_use', id: wireId(part.id), name: part.name, input: argumentsOf(part)}];
			case 'thinking':
				// Blocks of this very model, as they came: the API checks their signatures.
				return isOwn && isJsonObject(part.opaque) ? [part.opaque as unknown as Block] : [];
		}
	});
	// The API refuses a turn that ends with a thought, as one that was cut in the middle does.
	return blocks.slice(0, blocks.findLastIndex(({type}) => !type.endsWith('thinking')) + 1);
}

/** The API takes no empty text. */
function textBlocks(text: string): Block[] {
	return text.trim() === '' ? [] : [{type: 'text', text}];
}

/**
 * Results of calls that were made together belong into one turn; empty turns do not exist. The
 * model goes on with a last turn of its own, as after `pause_turn`; it must not end with a blank.
 */
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

	const last = joined.at(-1);
	const end = last?.role === 'assistant' ? last.content.at(-1) : undefined;
	if (last !== undefined && end?.type === 'text') {
		last.content.splice(-1, 1, ...textBlocks(end.text.trimEnd()));
	}

	return joined.filter(turn => turn.content.length > 0);
}

/** Ids that another provider made may have characters that this API refuses. */
function wireId(id: string): string {
	return id.replace(/[^\w-]/g, '_');
}
