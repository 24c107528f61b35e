import {z} from 'zod';
import {jsonValueSchema, type JsonSchema} from './json.ts';

/**
 * Tokens of one model call. `null` means that the server did not say. `input` excludes what came
 * from or went into a prompt cache; `output` includes reasoning.
 */
export const usageSchema = z.object({
	input: z.number().nullable(),
	cacheRead: z.number().nullable(),
	cacheWrite: z.number().nullable(),
	output: z.number().nullable(),
	reasoning: z.number().nullable(),
	/** True when the numbers are our own estimate. */
	estimated: z.boolean(),
});

export type Usage = z.infer<typeof usageSchema>;

/** All tokens of a call that count against a budget. */
export function totalTokens(usage: Usage): number {
	return (
		(usage.input ?? 0) + (usage.cacheRead ?? 0) + (usage.cacheWrite ?? 0) + (usage.output ?? 0)
	);
}

export const textPartSchema = z.object({kind: z.literal('text'), text: z.string()});

/** `opaque` is the block as the server sent it (signature, encrypted item); it is echoed verbatim. */
export const thinkingPartSchema = z.object({
	kind: z.literal('thinking'),
	text: z.string(),
	opaque: jsonValueSchema.optional(),
});

/**
 * A request of the model to run a tool. `arguments` is absent when `argumentsText` is not a JSON
 * object. `id` is unique within a conversation. `recovered`: the harness read the call out of the text
 * of an answer, or mended its arguments.
 */
export const toolCallSchema = z.object({
	kind: z.literal('tool-call'),
	id: z.string(),
	name: z.string(),
	argumentsText: z.string(),
	arguments: z.record(z.string(), jsonValueSchema).optional(),
	recovered: z.boolean().optional(),
});

export const partSchema = z.discriminatedUnion('kind', [
	textPartSchema,
	thinkingPartSchema,
	toolCallSchema,
]);

export const assistantMessageSchema = z.object({
	role: z.literal('assistant'),
	parts: z.array(partSchema),
	/** Who said it: opaque thinking goes back to the same provider and model only. */
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

/** What a model is told about a tool: plain name, what it does, the schema of its arguments. */
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
	/** Ask for one JSON document of this schema instead of prose. Not combined with `tools`. */
	readonly output?: {readonly name: string; readonly schema: JsonSchema} | undefined;
	/** Tokens; always sent, so that no server generates without an end. */
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

/** A finished answer of a model. */
export const answerSchema = z.object({
	message: assistantMessageSchema,
	stopReason: z.enum(stopReasons),
	usage: usageSchema,
	/** The model that answered, as the server names it. */
	model: z.string(),
	/** What the server measured, without loading, waiting and reading the prompt; few measure it. */
	tokensPerSecond: z.number().optional(),
});

export type Answer = z.infer<typeof answerSchema>;

/** The text of an answer without thinking and calls. */
export function textOf(message: AssistantMessage): string {
	return message.parts
		.filter(part => part.kind === 'text')
		.map(part => part.text)
		.join('');
}

export function toolCallsOf(message: AssistantMessage): readonly ToolCall[] {
	return message.parts.filter(part => part.kind === 'tool-call');
}
