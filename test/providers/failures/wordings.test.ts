import {describe, expect, test} from 'vitest';
import type {FailureKind, TokenLimits} from '../../../source/core/failure.ts';
import type {Json} from '../../../source/core/json.ts';
import {classifyResponse} from '../../../source/providers/failures/classify.ts';
import {endpointOf} from '../../../source/providers/transport/endpoint.ts';

const endpoint = endpointOf({type: 'openai', baseUrl: 'http://127.0.0.1:9'});

const failureOf = (status: number, body: Json) =>
	classifyResponse(endpoint, {
		status,
		headers: new Headers(),
		body: typeof body === 'string' ? body : JSON.stringify(body),
	});

const openAi = (message: string, code: string | number | null = null) => ({
	error: {message, type: 'invalid_request_error', param: null, code},
});

type OverflowRow = [who: string, status: number, body: Json, limits?: TokenLimits];

describe('a request that is too long is known in everybody’s words, and so are the numbers', () => {
	test.each<OverflowRow>([
		[
			'Gemini',
			400,
			[
				{
					error: {
						code: 400,
						message:
							'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
						status: 'INVALID_ARGUMENT',
					},
				},
			],
			{contextTokens: 1_048_576, inputTokens: 1_200_000},
		],
		[
			'xAI',
			400,
			{
				code: 'Client specified an invalid argument',
				error:
					"This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
			},
			{contextTokens: 131_072, inputTokens: 537_812},
		],
		[
			'SGLang',
			400,
			{
				object: 'error',
				message:
					"The input (20000 tokens) is longer than the model's context length (8192 tokens).",
				code: 400,
			},
			{contextTokens: 8192, inputTokens: 20_000},
		],
		[
			'vLLM',
			400,
			{
				object: 'error',
				message:
					"This model's maximum context length is 8192 tokens. However, you requested 9192 tokens (1000 in the messages, 8192 in the completion). Please reduce the length of the messages or completion.",
				type: 'BadRequestError',
				code: 400,
			},
			{contextTokens: 8192, inputTokens: 1000},
		],
		[
			'vLLM since 0.10',
			400,
			openAi(
				"'max_tokens' or 'max_completion_tokens' is too large: 8192. This model's maximum context length is 8192 tokens and your request has 1234 input tokens (8192 > 8192 - 1234). None",
			),
			{contextTokens: 8192, inputTokens: 1234},
		],
		[
			'vLLM, of the engine',
			400,
			openAi(
				'The decoder prompt (length 9000) is longer than the maximum model length of 8192. Make sure that `max_model_len` is no smaller than the number of text tokens.',
			),
			{contextTokens: 8192, inputTokens: 9000},
		],
		['z.ai', 400, {error: {code: '1261', message: 'Prompt exceeds max length'}}],
		[
			'DashScope',
			400,
			openAi(
				'<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 98304]',
			),
			{contextTokens: 98_304},
		],
		[
			'Mistral',
			400,
			{
				object: 'error',
				message:
					'Prompt contains 65673 tokens and 0 draft tokens, too large for model with 32768 maximum context length',
				type: 'invalid_request_prompt',
				code: '3051',
			},
			{contextTokens: 32_768, inputTokens: 65_673},
		],
		[
			'Together',
			422,
			openAi(
				'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 8193. Given: 9000 `inputs` tokens and 512 `max_new_tokens`',
			),
			{contextTokens: 8193, inputTokens: 9000},
		],
		[
			'Fireworks',
			400,
			openAi('The prompt is too long: 10000, model maximum context length: 8191'),
			{contextTokens: 8191, inputTokens: 10_000},
		],
		['Bedrock', 400, {message: 'Input is too long for requested model.'}],
		[
			'Anthropic, with the answer',
			400,
			openAi(
				'input length and `max_tokens` exceed context limit: 199000 + 8192 > 200000, decrease input length or `max_tokens` and try again',
			),
			{contextTokens: 200_000, inputTokens: 199_000},
		],
		[
			'OpenRouter',
			400,
			openAi(
				"This endpoint's maximum context length is 131072 tokens. However, you requested about 140000 tokens (131808 of text input, 8192 in the output).",
			),
			{contextTokens: 131_072},
		],
		[
			'OpenRouter, for the server behind it',
			400,
			{
				error: {
					message: 'Provider returned error',
					code: 400,
					metadata: {
						raw: '{"error":{"message":"prompt is too long: 210000 tokens > 200000 maximum"}}',
						provider_name: 'Anthropic',
					},
				},
			},
			{contextTokens: 200_000, inputTokens: 210_000},
		],
		[
			'Groq',
			400,
			openAi('Please reduce the length of the messages or completion.', 'context_length_exceeded'),
		],
		[
			'Cerebras',
			400,
			openAi(
				'Please reduce the length of the messages or completion. Current length is 9012 while limit is 8192',
			),
			{contextTokens: 8192, inputTokens: 9012},
		],
		[
			'Moonshot',
			400,
			openAi('Invalid request: Your request exceeded model token limit: 131072'),
			{contextTokens: 131_072},
		],
		['MiniMax', 400, openAi('invalid params, context window exceeds limit (2013)')],
		[
			'Copilot',
			400,
			openAi(
				'prompt token count of 130000 exceeds the limit of 128000',
				'model_max_prompt_tokens_exceeded',
			),
			{contextTokens: 128_000, inputTokens: 130_000},
		],
		[
			'Cohere',
			400,
			{
				message:
					'too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 5000. Try using a shorter prompt.',
			},
		],
		[
			'llama-server',
			400,
			{
				error: {
					code: 400,
					message:
						'the request exceeds the available context size. try increasing the context size or enable context shift',
					type: 'exceed_context_size_error',
					n_prompt_tokens: 5000,
					n_ctx: 4096,
				},
			},
			{contextTokens: 4096, inputTokens: 5000},
		],
		[
			'text-generation-inference',
			422,
			openAi('`inputs` must have less than 1024 tokens. Given: 2000'),
			{contextTokens: 1024},
		],
		['Ollama', 400, {error: 'input length exceeds the context length'}],
	])('%s', (_, status, body, limits) => {
		const failure = failureOf(status, body);
		expect(failure.kind).toBe('context-overflow');
		expect(failure.lesson?.limits).toEqual(limits);
	});
});

test.each<readonly [who: string, message: string, limit: number]>([
	['DeepSeek', 'Invalid max_tokens value, the valid range of max_tokens is [1, 4096]', 4096],
	[
		'a gateway to Anthropic',
		'max_tokens: 8192 > 4096, which is the maximum allowed number of output tokens for claude-3-haiku',
		4096,
	],
	[
		'OpenAI',
		'max_tokens is too large: 8192. This model supports at most 4096 completion tokens, whereas you provided 8192.',
		4096,
	],
	[
		'Groq',
		'`max_tokens` must be less than or equal to `4096`, the maximum value for `max_tokens`',
		4096,
	],
	['DashScope', 'Range of max_tokens should be [1, 2048]', 2048],
	[
		'Bedrock',
		'The maximum tokens you requested exceeds the model limit of 4096. Try again with a maximum tokens value that is lower than 4096.',
		4096,
	],
])('%s says how long an answer may be', (_, message, limit) => {
	expect(failureOf(400, openAi(message)).lesson?.limits).toMatchObject({maxOutputTokens: limit});
});

describe('what failed is known, whatever the status', () => {
	test.each<readonly [kind: FailureKind, who: string, status: number, body: Json]>([
		[
			'quota',
			'z.ai',
			429,
			{
				error: {
					code: '1113',
					message: 'Insufficient balance or no resource package. Please recharge.',
				},
			},
		],
		[
			'quota',
			'xAI',
			403,
			{
				code: 'The caller does not have permission',
				error:
					'Your newly created team doesn’t have any credits yet. You can purchase credits on https://console.x.ai.',
			},
		],
		[
			'quota',
			'Anthropic',
			400,
			openAi(
				'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.',
			),
		],
		['quota', 'DeepSeek', 402, openAi('Insufficient Balance')],
		[
			'quota',
			'OpenAI',
			429,
			openAi(
				'You exceeded your current quota, please check your plan and billing details.',
				'insufficient_quota',
			),
		],
		[
			'quota',
			'Moonshot',
			429,
			{
				error: {
					type: 'exceeded_current_quota_error',
					message: 'Your account is suspended due to insufficient balance',
				},
			},
		],
		[
			'quota',
			'DashScope',
			400,
			{
				code: 'Arrearage',
				message: 'Access denied, please make sure your account is in good standing.',
			},
		],
		[
			'quota',
			'OpenRouter',
			402,
			openAi('This request requires more credits, or fewer max_tokens.'),
		],
		['quota', 'Together', 402, openAi('Credit limit exceeded, please add credits to your account')],
		[
			'auth',
			'Gemini',
			400,
			[
				{
					error: {
						code: 400,
						message: 'API key not valid. Please pass a valid API key.',
						status: 'INVALID_ARGUMENT',
					},
				},
			],
		],
		['auth', 'OpenAI', 401, openAi('Incorrect API key provided: sk-abc.', 'invalid_api_key')],
		[
			'auth',
			'xAI',
			400,
			{code: 'Client specified an invalid argument', error: 'Incorrect API key provided.'},
		],
		['auth', 'Mistral', 401, {detail: 'Unauthorized'}],
		['auth', 'vLLM', 401, {error: 'Unauthorized'}],
		[
			'rate-limit',
			'OpenAI',
			429,
			openAi(
				'Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000.',
				'rate_limit_exceeded',
			),
		],
		[
			'context-overflow',
			'OpenAI, more than a minute allows',
			429,
			openAi(
				'Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 40000.',
				'rate_limit_exceeded',
			),
		],
		[
			'bad-call',
			'Groq',
			400,
			{
				error: {
					message: 'Failed to call a function. Please adjust your prompt.',
					type: 'invalid_request_error',
					code: 'tool_use_failed',
					failed_generation: '<function=read>{"path":"a"}</function>',
				},
			},
		],
		[
			'bad-call',
			'Groq, arguments',
			400,
			openAi(
				'tool call validation failed: parameters for tool read did not match schema: errors: [missing properties: path]',
			),
		],
		[
			'bad-call',
			'Groq, JSON',
			400,
			{
				error: {
					message: 'Failed to generate JSON.',
					code: 'json_validate_failed',
					failed_generation: '{',
				},
			},
		],
		[
			'model-missing',
			'Ollama',
			500,
			{error: 'model requires more system memory (8.0 GiB) than is available (3.2 GiB)'},
		],
		[
			'model-missing',
			'OpenAI',
			404,
			openAi('Your organization must be verified to use the model `gpt-6.1`.', 'model_not_found'),
		],
		[
			'model-missing',
			'LiteLLM',
			400,
			openAi('/chat/completions: Invalid model name passed in model=gpt-x. Call `/v1/models`'),
		],
		['overloaded', 'DeepSeek', 503, openAi('The server is overloaded')],
		[
			'bad-request',
			'vLLM',
			422,
			{detail: [{loc: ['body', 'messages'], msg: 'field required', type: 'missing'}]},
		],
	])('%s: %s (%d)', (kind, _, status, body) => {
		const failure = failureOf(status, body);
		expect(failure.kind).toBe(kind);
		expect(failure.message, 'no raw JSON').not.toMatch(/[{[]"/);
	});

	test('a status alone decides between words that only look like another kind', () => {
		expect(failureOf(404, openAi('Not found')).kind).toBe('server-down');
		expect(failureOf(429, openAi('Requests exceed the limit per minute')).kind).toBe('rate-limit');
		expect(failureOf(500, openAi('something broke')).kind).toBe('transient');
	});
});

test('what the model said comes with the failure', () => {
	const said = '<function=read>{"path":"a"}</function>';
	const body = {
		error: {
			message: 'Failed to call a function.',
			code: 'tool_use_failed',
			failed_generation: said,
		},
	};
	expect(failureOf(400, body).lesson).toEqual({generated: said});
});

test.each([
	['"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'],
	['tools param requires --jinja flag'],
	['registry.ollama.ai/library/gemma3 does not support tools'],
	['No endpoints found that support tool use. Try disabling "read".'],
	['Unable to generate parser for this template. Automatic parser generation failed: x'],
])('a server that cannot pass tools on is known: %s', message => {
	expect(failureOf(400, openAi(message)).lesson).toEqual({refusesTools: true});
	expect(failureOf(500, openAi(message)).kind).not.toBe('context-overflow');
});
