import type {TokenLimits} from '../../core/failure.ts';

/**
 * The numbers in a server's words about a request that was too long, or asked for too long an answer.
 * Sources: the servers' own code, and reports of people who met them.
 */
export function tokenLimitsIn(text: string): TokenLimits | undefined {
	const contextTokens = numberAfter(contextPatterns, text);
	const maxOutputTokens = numberAfter(outputPatterns, text);
	const inputTokens = numberAfter(inputPatterns, text);
	const limits = {
		...(contextTokens === undefined ? {} : {contextTokens}),
		...(maxOutputTokens === undefined ? {} : {maxOutputTokens}),
		...(inputTokens === undefined ? {} : {inputTokens}),
	};
	return Object.keys(limits).length === 0 ? undefined : limits;
}

function numberAfter(patterns: readonly RegExp[], text: string): number | undefined {
	for (const pattern of patterns) {
		const digits = pattern.exec(text)?.[1]?.replaceAll(/[,_]/g, '');
		const value = Number(digits);
		if (digits !== undefined && Number.isSafeInteger(value) && value > 0) {
			return value;
		}
	}

	return undefined;
}

/** Tokens of request and answer together, or of the request alone. */
const contextPatterns = [
	// vLLM, OpenAI, DeepSeek, OpenRouter, LiteLLM; Fireworks has a colon.
	/maximum context length(?: is|:| of)? ?(\d[\d,]*)/i,
	// xAI.
	/maximum (?:prompt|model|input|sequence) length(?: is|:| of)? ?(\d[\d,]*)/i,
	// Mistral: `too large for model with 32768 maximum context length`.
	/with (\d[\d,]*) maximum context length/i,
	// SGLang.
	/context length \((\d[\d,]*) tokens?\)/i,
	// llama-server: `exceeds the available context size (4096 tokens)`, and its field.
	/context (?:size|window|limit)[^\d]{0,20}\((\d[\d,]*) tokens?\)/i,
	/"?n_ctx"?: ?(\d+)/,
	// Gemini.
	/maximum number of (?:input )?tokens allowed \((\d[\d,]*)\)/i,
	// Anthropic: `prompt is too long: 210000 tokens > 200000 maximum`, `exceed context limit: 1 + 2 > 3`.
	/> (\d[\d,]*) maximum(?! allowed number of output)/i,
	/exceed(?:s|ed)? (?:the )?context limit: \d+ \+ \d+ > (\d+)/i,
	// Text generation inference, Together.
	/must be <= (\d[\d,]*)\. Given/i,
	/must have less than (\d[\d,]*) tokens/i,
	// Moonshot.
	/exceeded model token limit:? (\d[\d,]*)/i,
	// DashScope.
	/range of input length should be \[\d+, ?(\d[\d,]*)\]/i,
	// Copilot, Cohere, Cerebras.
	/(?:tokens?|prompt|length)[^.]{0,60} exceeds the limit of (\d[\d,]*)/i,
	/current length is \d+ while limit is (\d[\d,]*)/i,
	// LM Studio.
	/model is loaded with context length of only (\d[\d,]*)/i,
];

/** Tokens of an answer. */
const outputPatterns = [
	// DeepSeek, DashScope, Volcengine: `the valid range of max_tokens is [1, 4096]`.
	/max_(?:completion_|output_|new_)?tokens\b.{0,80}\[\d+, ?(\d[\d,]*)\]/i,
	// Anthropic, and gateways in front of it.
	/max_tokens: \d+ > (\d[\d,]*)/,
	// OpenAI: `This model supports at most 4096 completion tokens`.
	/supports at most (\d[\d,]*) (?:completion|output) tokens/i,
	// Groq, Mistral.
	/(?<!\+ `?)max_(?:completion_|output_|new_)?tokens`? ?(?:must be|should be|needs to be|has to be) (?:less than or equal to|at most|<=|no more than) `?(\d[\d,]*)/i,
	// Bedrock.
	/maximum tokens you requested exceeds the model limit of (\d[\d,]*)/i,
	/max(?:imum)? (?:allowed )?(?:number of )?(?:output|completion) tokens[^\d]{0,30}(\d[\d,]*)/i,
];

/** Tokens of the request, as counted by the server. */
const inputPatterns = [
	/request has (\d[\d,]*) input tokens/i,
	/\((\d[\d,]*) in (?:the |your )?(?:messages|prompt|input)/i,
	/prompt contains (?:at least )?(\d[\d,]*)/i,
	/request contains (\d[\d,]*) tokens/i,
	/input \((\d[\d,]*) tokens?\)/i,
	/input token count \((\d[\d,]*)\)/i,
	/request \((\d[\d,]*) tokens?\)/i,
	/prompt is too long: (\d[\d,]*)/i,
	/prompt \(length (\d[\d,]*)\)/i,
	/context limit: (\d[\d,]*) \+/i,
	/Given: (\d[\d,]*) `?inputs/i,
	/prompt token count of (\d[\d,]*)/i,
	/current length is (\d[\d,]*)/i,
	/"?n_prompt_tokens"?: ?(\d+)/,
];
