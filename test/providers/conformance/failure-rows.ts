import type {FailureKind} from '../../../source/core/failure.ts';
import type {Json} from '../../../source/core/json.ts';
import type {Adapter} from './adapters.ts';

/** What a server says, and what it stands for. */
export type FailureRow = [
	adapter: Adapter,
	kind: FailureKind,
	status: number,
	body: Json,
	expected?: {readonly hint?: RegExp; readonly message?: RegExp},
];

const anthropic = (type: string, message: string, details?: Json): Json => ({
	type: 'error',
	error: {type, message, ...(details === undefined ? {} : {details})},
});
export const openAi = (
	code: string | number | null,
	message: string,
	type = 'invalid_request_error',
) => ({
	error: {message, type, param: null, code},
});
const text = (message: string): Json => ({error: message});
export const overflowed = {
	code: 400,
	message:
		'request (20011 tokens) exceeds the available context size (4096 tokens), try increasing it',
	type: 'exceed_context_size_error',
	n_prompt_tokens: 20_011,
	n_ctx: 4096,
};
const notLoaded =
	"No models loaded. Please load a model in the developer page or use the 'lms load' command.";

/**
 * What the servers send with an error status: measured, read in their source, or from the threads of
 * their bug trackers.
 */
export const failureRows: FailureRow[] = [
	['anthropic', 'bad-request', 400, anthropic('invalid_request_error', 'messages: too few')],
	[
		'anthropic',
		'context-overflow',
		400,
		anthropic('invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
		{message: /210000 tokens > 200000 maximum/},
	],
	['anthropic', 'context-overflow', 413, anthropic('request_too_large', 'Request too large')],
	[
		'anthropic',
		'quota',
		400,
		anthropic('invalid_request_error', 'Your credit balance is too low to access the API.'),
		{hint: /ANTHROPIC_API_KEY/},
	],
	['anthropic', 'quota', 402, anthropic('billing_error', 'Pay first.')],
	['anthropic', 'auth', 401, anthropic('authentication_error', 'invalid x-api-key')],
	['anthropic', 'auth', 403, anthropic('permission_error', 'Not yours.')],
	[
		'anthropic',
		'model-missing',
		404,
		anthropic('not_found_error', 'model: test-model'),
		{hint: /test-provider anthropic/},
	],
	['anthropic', 'transient', 408, anthropic('timeout_error', 'Too slow.')],
	['anthropic', 'transient', 409, anthropic('conflict_error', 'Again, please.')],
	['anthropic', 'rate-limit', 429, anthropic('rate_limit_error', 'Slow down.')],
	[
		'anthropic',
		'quota',
		429,
		anthropic('rate_limit_error', 'Spent.', {error_code: 'enforced_spend_limit_reached'}),
	],
	['anthropic', 'transient', 500, anthropic('api_error', 'Oh no.')],
	['anthropic', 'transient', 502, '<html><title>Bad Gateway</title></html>'],
	['anthropic', 'overloaded', 503, anthropic('overloaded_error', 'Busy.')],
	['anthropic', 'transient', 504, anthropic('timeout_error', 'Too slow.')],
	['anthropic', 'overloaded', 529, anthropic('overloaded_error', 'Overloaded')],

	['openai', 'bad-request', 400, openAi('invalid_value', 'Wrong.')],
	['openai', 'bad-request', 400, openAi('invalid_encrypted_content', 'Not verified.')],
	['openai', 'context-overflow', 400, openAi('context_length_exceeded', 'Too long.')],
	[
		'openai',
		'context-overflow',
		400,
		openAi(null, 'Your input exceeds the context window of this model.'),
	],
	['openai', 'content-filtered', 400, openAi('content_policy_violation', 'Not that.')],
	[
		'openai',
		'content-filtered',
		400,
		openAi('invalid_prompt', 'Your prompt was flagged as potentially violating our usage policy.'),
	],
	[
		'openai',
		'auth',
		401,
		openAi('invalid_api_key', 'Incorrect API key provided: key-of-the-test.'),
	],
	['openai', 'auth', 403, openAi('unsupported_country_region_territory', 'Not there.')],
	['openai', 'model-missing', 403, openAi('model_not_found', 'No access to model `test-model`.')],
	[
		'openai',
		'model-missing',
		404,
		openAi('model_not_found', 'The model `test-model` does not exist.'),
		{hint: /test-provider openai/},
	],
	['openai', 'quota', 429, openAi('insufficient_quota', 'You exceeded your current quota.')],
	['openai', 'rate-limit', 429, openAi('rate_limit_exceeded', 'Slow down.', 'requests')],
	[
		'openai',
		'context-overflow',
		429,
		openAi('rate_limit_exceeded', 'Request too large for test-model on tokens per min.', 'tokens'),
	],
	['openai', 'transient', 500, openAi(null, 'The server had an error.', 'server_error')],
	['openai', 'overloaded', 503, openAi(null, 'The engine is overloaded.', 'server_error')],

	['compatible', 'context-overflow', 400, openAi(400, "This model's maximum context length is 9.")],
	['compatible', 'context-overflow', 413, '<html><h1>413 Request Entity Too Large</h1></html>'],
	['compatible', 'server-down', 404, '<!DOCTYPE html><title>404</title>'],
	['compatible', 'server-down', 404, {detail: 'Not Found'}, {hint: /^check the base URL$/}],
	['compatible', 'server-down', 405, {detail: 'Method Not Allowed'}],
	['compatible', 'transient', 502, '<html>Bad gateway'],
	['compatible', 'overloaded', 503, '<html>Down for maintenance'],
	['compatible', 'auth', 403, '<html>Forbidden'],
	['compatible', 'model-missing', 400, openAi(400, 'zed/foo is not a valid model ID')],
	['compatible', 'bad-request', 404, openAi(404, 'No endpoints found that support tool use.')],
	['compatible', 'bad-request', 422, {detail: [{msg: 'field required'}]}],

	['llama-server', 'auth', 401, openAi(401, 'Invalid API Key', 'authentication_error')],
	['llama-server', 'server-loading', 503, openAi(503, 'Loading model', 'unavailable_error')],
	[
		'llama-server',
		'context-overflow',
		400,
		{error: overflowed},
		{message: /20011 tokens.*4096 tokens/},
	],
	['llama-server', 'context-overflow', 500, {error: {...overflowed, code: 500}}],
	[
		'llama-server',
		'bad-request',
		500,
		openAi(500, 'Failed to parse tool call arguments as JSON', 'server_error'),
	],
	[
		'llama-server',
		'bad-request',
		500,
		openAi(500, '[json.exception.parse_error.101] parse error at line 1', 'server_error'),
	],
	[
		'llama-server',
		'bad-request',
		400,
		openAi(400, 'Unable to generate parser for this template. Automatic parser generation failed'),
	],
	[
		'llama-server',
		'transient',
		500,
		openAi(
			500,
			'The model produced output that does not match the expected peg-native format',
			'server_error',
		),
	],

	['ollama', 'model-missing', 404, text('model "test-model" not found, try pulling it first')],
	[
		'ollama',
		'overloaded',
		503,
		text('server busy, please try again.  maximum pending requests exceeded'),
	],
	[
		'ollama',
		'context-overflow',
		400,
		text('the prompt is longer than the context length currently available'),
	],
	['ollama', 'context-overflow', 500, text('no user query found in messages')],
	['ollama', 'bad-request', 400, text('"test-model" does not support thinking')],
	['ollama', 'transient', 500, text('llama runner process has terminated')],
	['ollama', 'transient', 502, '<html>Bad Gateway</html>'],

	[
		'lmstudio',
		'context-overflow',
		400,
		text(
			'The number of tokens to keep from the initial prompt is greater than the context length.',
		),
	],
	['lmstudio', 'model-missing', 404, openAi(null, notLoaded), {hint: /^run: lms load test-model$/}],
	['lmstudio', 'model-missing', 400, openAi(null, notLoaded), {hint: /^run: lms load test-model$/}],
];
