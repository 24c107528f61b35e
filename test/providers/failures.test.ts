import {afterEach, beforeEach, expect, test} from 'vitest';
import type {FailureKind} from '../../source/core/failure.ts';
import type {Json} from '../../source/core/json.ts';
import {delivered, httpError, raw, say, startModelServer} from '../helpers/model-server.ts';
import type {ModelServer, Reply} from '../helpers/model-server.ts';
import {capturePrints, type Prints} from '../helpers/model-server/prints.ts';
import {adapters, connectTo, type Adapter} from './conformance/adapters.ts';
import {request} from './conformance/requests.ts';
import {failureOf} from './conformance/streams.ts';

let server: ModelServer | undefined;
let prints: Prints;

beforeEach(() => {
	prints = capturePrints();
});

afterEach(async () => {
	prints.stop();
	await server?.close();
	expect(prints.text).toBe('');
});

/** What a model server does, by what is to come of it; every request is sent once. */
async function expectFailure(adapter: Adapter, reply: Reply, expected: object): Promise<void> {
	server = await startModelServer(() => reply);
	const error = await failureOf(connectTo(adapter, server.url), request());
	expect(error).toMatchObject(expected);
	expect(error.message).toContain('test-model');
	expect(error.message).not.toMatch(/[\n\r]/);
	expect(server.requests).toHaveLength(1);
}

type Row = [
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
const openAi = (code: string | number | null, message: string, type = 'invalid_request_error') => ({
	error: {message, type, param: null, code},
});
const text = (message: string): Json => ({error: message});
const overflowed = {
	code: 400,
	message:
		'request (20011 tokens) exceeds the available context size (4096 tokens), try increasing it',
	type: 'exceed_context_size_error',
	n_prompt_tokens: 20_011,
	n_ctx: 4096,
};
const notLoaded =
	"No models loaded. Please load a model in the developer page or use the 'lms load' command.";

const rows: Row[] = [
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
	['compatible', 'bad-request', 404, '<!DOCTYPE html><title>404</title>'],
	['compatible', 'bad-request', 404, {detail: 'Not Found'}],
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

test.each<Row>(rows)(
	'%s: %s for status %d with %j',
	async (adapter, kind, status, body, expected) => {
		const {hint, message} = expected ?? {};
		await expectFailure(adapter, httpError(status, body), {
			kind,
			status,
			...(hint === undefined ? {} : {hint: expect.stringMatching(hint)}),
			...(message === undefined ? {} : {message: expect.stringMatching(message)}),
		});
	},
);

test.each(adapters)('%s: a body without a word is judged by its status', async adapter => {
	await expectFailure(adapter, httpError(401, ''), {kind: 'auth'});
	await server?.close();
	await expectFailure(adapter, httpError(529, ''), {kind: 'overloaded'});
	await server?.close();
	await expectFailure(adapter, httpError(418, 'I am a teapot'), {kind: 'bad-request'});
});

test.each<[Adapter, Record<string, string>, number | undefined]>([
	['anthropic', {'retry-after': '1'}, 1000],
	['openai', {'retry-after': '90'}, 90_000],
	['compatible', {'retry-after': '1.5'}, 1500],
	['lmstudio', {'retry-after-ms': '250', 'retry-after': '1'}, 250],
	['llama-server', {}, undefined],
	['llama-server', {'retry-after': 'later'}, undefined],
	[
		'ollama',
		{'retry-after': 'Wed, 21 Oct 2026 07:28:30 GMT', date: 'Wed, 21 Oct 2026 07:28:00 GMT'},
		30_000,
	],
])('%s: how long to wait is read from %j', async (adapter, headers, retryAfterMs) => {
	await expectFailure(adapter, httpError(429, {error: {message: 'Slow down.'}}, headers), {
		kind: 'rate-limit',
		retryAfterMs,
	});
});

test.each(adapters)(
	'%s: a 429 that shall not be retried is no matter of waiting',
	async adapter => {
		const reply = httpError(429, {error: {message: 'No.'}}, {'x-should-retry': 'false'});
		await expectFailure(adapter, reply, {
			kind: 'quota',
			hint: expect.stringContaining('billing'),
		});
	},
);

const json = (body: Json) => raw(JSON.stringify(body), 'application/json');
const events = (body: string) => raw(body, 'text/event-stream');

test.each<[string, Adapter, Reply, object]>([
	[
		'an HTML page',
		'anthropic',
		raw('<!doctype html><p>Log in', 'text/html'),
		{kind: 'bad-request', hint: 'check the base URL'},
	],
	[
		'an HTML page that claims to be a stream',
		'openai',
		events('<html><body>Log in</body></html>\n\n'),
		{kind: 'stream-truncated'},
	],
	['JSON of another program', 'compatible', json({ok: true}), {kind: 'bad-request'}],
	[
		'JSON that ends early',
		'compatible',
		raw('{"choices": [{"del', 'application/json'),
		{kind: 'transient'},
	],
	['an error with a code', 'llama-server', json({error: overflowed}), {kind: 'context-overflow'}],
	['a bare error', 'llama-server', json(overflowed), {kind: 'context-overflow'}],
	['loading', 'llama-server', json(openAi(503, 'Loading model')), {kind: 'server-loading'}],
	[
		'a wrong path',
		'lmstudio',
		json({error: 'Unexpected endpoint or method. (POST /v1/chat/completions)'}),
		{kind: 'bad-request'},
	],
	[
		'an error event of text',
		'lmstudio',
		events('event: error\ndata: Trying to keep the first 4096 tokens when context overflows\n\n'),
		{kind: 'context-overflow', status: undefined},
	],
	[
		'an error event of JSON',
		'lmstudio',
		events(
			'event: error\ndata: {"error":{"message":"Trying to keep the first 4096 tokens"},"message":"x"}\n\n',
		),
		{kind: 'context-overflow'},
	],
	['a well-formed stream with nothing in it', 'lmstudio', say(''), {kind: 'empty-answer'}],
	[
		'garbage lines',
		'ollama',
		raw('{"model": oops}\n', 'application/x-ndjson'),
		{kind: 'transient'},
	],
	[
		'an error line',
		'ollama',
		raw('{"error":"out of memory"}\n', 'application/x-ndjson'),
		{kind: 'transient'},
	],
])('a 200 with %s (%s)', async (_, adapter, reply, expected) => {
	await expectFailure(adapter, reply, expected);
});

test.each<[Adapter, string, string, FailureKind]>([
	['anthropic', 'overloaded_error', 'Overloaded', 'overloaded'],
	['anthropic', 'rate_limit_error', 'Slow down.', 'rate-limit'],
	['anthropic', 'api_error', 'Internal server error', 'transient'],
	['anthropic', 'invalid_request_error', 'Wrong.', 'bad-request'],
	['openai', 'server_error', 'Oh no.', 'transient'],
	['openai', 'rate_limit_exceeded', 'Slow down.', 'rate-limit'],
	['compatible', 'server_error', 'Oh no.', 'transient'],
	['llama-server', 'exceed_context_size_error', 'the context is full', 'context-overflow'],
	['lmstudio', 'x', 'Trying to keep the first 4096 tokens', 'context-overflow'],
	['ollama', '', 'server busy, please try again', 'overloaded'],
	['ollama', '', 'an error was encountered while running the model', 'transient'],
])('%s: an error inside a stream, %s "%s", is %s', async (adapter, type, message, kind) => {
	await expectFailure(adapter, delivered(say('Half'), {how: 'failed', type, message}), {
		kind,
		status: undefined,
		partial: 'Half',
	});
});
