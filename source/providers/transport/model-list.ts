import {z} from 'zod';
import {tokenCount} from './wire.ts';

/** A model as its server lists it. Token counts are `null` where the server says nothing. */
export type ListedModel = {
	readonly id: string;
	/** Of request and answer together. */
	readonly contextTokens: number | null;
	readonly maxOutputTokens: number | null;
};

const sizesSchema = z.object({
	context_length: tokenCount,
	context_window: tokenCount,
	max_context_length: tokenCount,
	max_context_window_tokens: tokenCount,
	max_input_tokens: tokenCount,
	max_model_len: tokenCount,
	max_completion_tokens: tokenCount,
	max_output_tokens: tokenCount,
});

const nested = sizesSchema.nullish().catch(undefined);

const modelSchema = sizesSchema
	.extend({
		id: z.string(),
		/** OpenRouter. */
		top_provider: nested,
		/** DeepInfra. */
		metadata: nested,
		/** Copilot. */
		capabilities: z.object({limits: nested}).nullish().catch(undefined),
	})
	.transform(({id, top_provider, metadata, capabilities, ...own}): ListedModel => {
		const all = [own, top_provider, metadata, capabilities?.limits].flatMap(sizes => sizes ?? []);
		return {
			id,
			contextTokens: firstOf(all.map(contextIn)),
			maxOutputTokens: firstOf(all.map(outputIn)),
		};
	});

/**
 * `GET /v1/models` of Anthropic, OpenAI and compatible servers, which add sizes under names of their own:
 * vLLM `max_model_len`, Groq `context_window`, OpenRouter and Together (a bare list) `context_length`,
 * Mistral `max_context_length`.
 */
export const modelListSchema = z.union([
	z.object({data: z.array(modelSchema)}).transform(({data}) => data),
	z.array(modelSchema),
]);

type Sizes = z.infer<typeof sizesSchema>;

function contextIn(sizes: Sizes): number | undefined {
	const {context_length, context_window, max_context_length, max_model_len} = sizes;
	return (
		max_model_len ??
		context_window ??
		context_length ??
		max_context_length ??
		sizes.max_context_window_tokens ??
		sizes.max_input_tokens ??
		undefined
	);
}

function outputIn({max_completion_tokens, max_output_tokens}: Sizes): number | undefined {
	return max_completion_tokens ?? max_output_tokens ?? undefined;
}

function firstOf(values: readonly (number | undefined)[]): number | null {
	return values.find(value => value !== undefined && value > 0) ?? null;
}
