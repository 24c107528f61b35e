import type Anthropic from '@anthropic-ai/sdk';
import type {AssistantMessage, ChatRequest, Message} from '../../core/chat.ts';
import {isJsonObject} from '../../core/json.ts';
import type {RequestOptions} from '../../core/settings.ts';
import {withoutFields} from '../transport/concessions.ts';
import {anthropicOptions} from '../transport/request-options.ts';
import {schemaInstruction} from '../transport/schema-instruction.ts';
import {argumentsOf} from '../transport/call-parts.ts';
import {wellFormed} from '../transport/well-formed.ts';

type Body = Anthropic.MessageCreateParamsStreaming;
type Input = Anthropic.MessageCountTokensParams;
type Block = Anthropic.ContentBlockParam;

/**
 * A request for `POST /v1/messages`. Two cache breakpoints: one after tools and instructions, which
 * all turns share, one (at the top level) after the last block.
 * https://platform.claude.com/docs/en/build-with-claude/prompt-caching
 */
export function anthropicBody(
	request: ChatRequest,
	leftOut: ReadonlySet<string> = new Set(),
	options?: RequestOptions,
): Body {
	const input = anthropicInput(request, leftOut);
	const body = {
		...input,
		max_tokens: request.maxOutputTokens,
		...anthropicOptions(options, input.output_config),
	};
	return {...withoutFields(body, leftOut, requiredFields), stream: true};
}

export const requiredFields: ReadonlySet<string> = new Set([
	'max_tokens',
	'messages',
	'model',
	'stream',
	'system',
	'tools',
]);

/** Concession: no cache breakpoints at all, not only none at the top level. */
export const everyBreakpoint = 'cache_control of blocks';

/** The part of a request that counts as input, for `POST /v1/messages/count_tokens`. */
export function anthropicInput(request: ChatRequest, leftOut: ReadonlySet<string> = new Set()) {
	const {model, system: asked, messages, tools = [], toolChoice, output} = wellFormed(request);
	const breakpoint = leftOut.has(everyBreakpoint) ? {} : {cache_control: cacheBreakpoint};
	// Without the field, the schema is part of the instructions.
	const system =
		output !== undefined && leftOut.has('output_config')
			? `${asked}\n\n${schemaInstruction(output.schema)}`.trim()
			: asked;
	return {
		model,
		...(leftOut.has('cache_control') ? {} : breakpoint),
		...(system === '' ? {} : {system: [{type: 'text' as const, text: system, ...breakpoint}]}),
		messages: joinTurns(messages.map(message => anthropicTurn(message, model))),
		...(tools.length === 0
			? {}
			: {
					tools: tools.map(({name, description, input}, index) => ({
						name,
						description,
						input_schema: {type: 'object' as const, ...input},
						...(system === '' && index === tools.length - 1 ? breakpoint : {}),
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

const cacheBreakpoint = {type: 'ephemeral'} as const;

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
						// The API rejects an error without text.
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
				return [
					{
						...(isOwn ? part.opaque : {}),
						type: 'tool_use',
						id: wireId(part.id),
						name: part.name,
						input: argumentsOf(part),
					},
				];
			case 'thinking':
				// Blocks of this exact model, as received: the API checks their signatures.
				return isOwn && isJsonObject(part.opaque) ? [part.opaque as unknown as Block] : [];
		}
	});
	// The API rejects a turn that ends with a thought, as an interrupted one does.
	return blocks.slice(0, blocks.findLastIndex(({type}) => !type.endsWith('thinking')) + 1);
}

/** The API rejects empty text. */
function textBlocks(text: string): Block[] {
	return text.trim() === '' ? [] : [{type: 'text', text}];
}

/**
 * Results of parallel calls belong in one turn; empty turns are not allowed. The model continues
 * its own last turn, as after `pause_turn`, which must not end with white space.
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

/** Ids from other providers may have characters that this API rejects. */
function wireId(id: string): string {
	return id.replace(/[^\w-]/g, '_');
}
