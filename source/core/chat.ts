import {z} from 'zod';
import {jsonValueSchema, type JsonSchema} from './json.ts';

/**
 * Tokens of one model call. `null`: not reported by the server. `input` excludes tokens read from
 * or written to a prompt cache; `output` includes reasoning.
 */
export const usageSchema = z.object({
	input: z.number().nullable(),
	cacheRead: z.number().nullable(),
	cacheWrite: z.number().nullable(),
	output: z.number().nullable(),
	reasoning: z.number().nullable(),
	/** Whether the numbers are our own estimate. */
	estimated: z.boolean(),
});

export type Usage = z.infer<typeof usageSchema>;

/** All tokens of a call that count against a budget. */
export function totalTokens(usage: Usage): number {
	return (
		(usage.input ?? 0) + (usage.cacheRead ?? 0) + (usage.cacheWrite ?? 0) + (usage.output ?? 0)
	);
}

const textPartSchema = z.object({kind: z.literal('text'), text: z.string()});

/**
 * `opaque` is the block as the server sent it (signature, encrypted item), or the fields of the message
 * that belong to no other part; it is echoed verbatim.
 */
const thinkingPartSchema = z.object({
	kind: z.literal('thinking'),
	text: z.string(),
	opaque: jsonValueSchema.optional(),
});

/**
 * A tool call requested by the model. `arguments` is absent if `argumentsText` is not a JSON
 * object. `id` is unique within a conversation. `recovered`: the harness parsed the call from the
 * answer's text, or repaired its arguments. `opaque`: fields that only its server knows (signatures);
 * they are echoed verbatim.
 */
export const toolCallSchema = z.object({
	kind: z.literal('tool-call'),
	id: z.string(),
	name: z.string(),
	argumentsText: z.string(),
	arguments: z.record(z.string(), jsonValueSchema).optional(),
	recovered: z.boolean().optional(),
	opaque: z.record(z.string(), jsonValueSchema).optional(),
});

export const partSchema = z.discriminatedUnion('kind', [
	textPartSchema,
	thinkingPartSchema,
	toolCallSchema,
]);

export const assistantMessageSchema = z.object({
	role: z.literal('assistant'),
	parts: z.array(partSchema),
	/** Who produced it: opaque thinking only goes back to the same provider and model. */
	origin: z.object({provider: z.string(), model: z.string()}),
});

export type ToolCall = z.infer<typeof toolCallSchema>;
export type Part = z.infer<typeof partSchema>;
export type AssistantMessage = z.infer<typeof assistantMessageSchema>;
export type UserMessage = {readonly role: 'user'; readonly text: string};
export type ToolMessage = {
	readonly role: 'tool';
	readonly callId: string;
	readonly name: string;
	readonly text: string;
	readonly isError: boolean;
};
export type Message = UserMessage | AssistantMessage | ToolMessage;

/** A tool as described to a model: name, purpose, JSON schema of its arguments. */
export type ToolSpec = {
	readonly name: string;
	readonly description: string;
	readonly input: JsonSchema;
};

/** One request to a model. Equal requests are byte-identical on the wire. */
export type ChatRequest = {
	readonly model: string;
	readonly system: string;
	readonly messages: readonly Message[];
	readonly tools?: readonly ToolSpec[] | undefined;
	readonly toolChoice?: 'auto' | 'none' | 'required' | undefined;
	/** Requests one JSON document of this schema instead of prose. Never combined with `tools`. */
	readonly output?: {readonly name: string; readonly schema: JsonSchema} | undefined;
	/** Absent: the server's default, or the person's. */
	readonly temperature?: number | undefined;
	/** Tokens; always sent, so that no server generates forever. */
	readonly maxOutputTokens: number;
};

export const stopReasons = [
	'end',
	'tool-calls',
	'max-tokens',
	'context-full',
	'refusal',
	'pause',
] as const;

export type StopReason = (typeof stopReasons)[number];

/** A complete answer of a model. */
export const answerSchema = z.object({
	message: assistantMessageSchema,
	stopReason: z.enum(stopReasons),
	usage: usageSchema,
	/** The model that answered, as the server names it. */
	model: z.string(),
	/**
	 * As measured by the server, without loading, queueing and prompt processing. Few report it.
	 */
	tokensPerSecond: z.number().optional(),
});

export type Answer = z.infer<typeof answerSchema>;

/** The text of an answer, without thinking and tool calls. */
export function textOf(message: AssistantMessage): string {
	return message.parts
		.filter(part => part.kind === 'text')
		.map(part => part.text)
		.join('');
}

export function toolCallsOf(message: AssistantMessage): readonly ToolCall[] {
	return message.parts.filter(part => part.kind === 'tool-call');
}

/** The ids of all calls in a conversation. */
export function callIdsIn(messages: readonly Message[]): Set<string> {
	return new Set(
		messages
			.filter(message => message.role === 'assistant')
			.flatMap(toolCallsOf)
			.map(({id}) => id),
	);
}
