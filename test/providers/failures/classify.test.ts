import {expect, test} from 'vitest';
import type {Json} from '../../../source/core/json.ts';
import {
	classifyErrorEvent,
	classifyUnexpectedBody,
	classifyResponse,
	classifyThrown,
	endpointFailure,
} from '../../../source/providers/failures/classify.ts';
import {endpointOf} from '../../../source/providers/transport/endpoint.ts';
import type {ProviderType} from '../../../source/core/settings.ts';

const at = (type: ProviderType = 'openai', apiKey?: string) => ({
	...endpointOf({type, apiKey}),
	model: 'some-model',
});

const respond = (status: number, body: Json, headers: Record<string, string> = {}) =>
	classifyResponse(at(), {
		status,
		headers: new Headers(headers),
		body: typeof body === 'string' ? body : JSON.stringify(body),
	});

test.each<[string, number, Json]>([
	['auth', 401, {error: {message: 'Invalid API Key', type: 'authentication_error', code: 401}}],
	['auth', 403, ''],
	['quota', 402, {error: {type: 'billing_error', message: 'No money.'}}],
	['quota', 429, {error: {code: 'insufficient_quota', message: 'You exceeded your quota.'}}],
	[
		'quota',
		429,
		{error: {type: 'rate_limit_error', details: {error_code: 'enforced_spend_limit_reached'}}},
	],
	[
		'quota',
		400,
		{error: {type: 'invalid_request_error', message: 'Your credit balance is too low'}},
	],
	['rate-limit', 429, {error: {type: 'rate_limit_error', message: 'Slow down.'}}],
	['overloaded', 529, {type: 'error', error: {type: 'overloaded_error', message: 'Overloaded'}}],
	['overloaded', 503, {error: 'server busy, please try again. maximum pending requests exceeded'}],
	[
		'server-loading',
		503,
		{error: {message: 'Loading model', type: 'unavailable_error', code: 503}},
	],
	[
		'model-missing',
		404,
		{error: {code: 'model_not_found', message: 'The model `x` does not exist'}},
	],
	['model-missing', 404, {type: 'error', error: {type: 'not_found_error', message: 'model: x'}}],
	['model-missing', 404, {error: 'model "x" not found, try pulling it first'}],
	['model-missing', 404, {error: {message: 'No models loaded. Please load a model', code: null}}],
	['server-down', 404, {error: {code: 404, message: 'File Not Found', type: 'not_found_error'}}],
	['server-down', 404, '<!DOCTYPE html><title>404</title>'],
	['bad-request', 400, {error: {type: 'invalid_request_error', message: 'messages: too few'}}],
	['bad-request', 422, {detail: [{msg: 'field required'}]}],
	['context-overflow', 413, {error: {type: 'request_too_large', message: 'Request too large'}}],
	['context-overflow', 400, {error: {message: 'prompt is too long: 9 tokens > 8 maximum'}}],
	['context-overflow', 400, {error: {code: 'context_length_exceeded', message: 'Too long.'}}],
	[
		'context-overflow',
		500,
		{error: {code: 500, message: 'the request exceeds the available context size'}},
	],
	['content-filtered', 400, {error: {code: 'content_filter', message: 'Filtered.'}}],
	[
		'bad-request',
		500,
		{error: {message: 'Failed to parse tool call arguments as JSON', type: 'server_error'}},
	],
	[
		'transient',
		500,
		{
			error: {
				message: 'The model produced output that does not match the expected peg-native format',
			},
		},
	],
	['transient', 500, 'Internal Server Error'],
	['transient', 502, '<html>Bad Gateway</html>'],
	['transient', 408, ''],
	['transient', 409, ''],
])('is %s: status %d with %j', (kind, status, body) => {
	expect(respond(status, body)).toMatchObject({kind, status});
});

test('megabytes of a message are classified by their beginning', () => {
	const message = 'not_found_error '.repeat(2 ** 18);
	expect(classifyErrorEvent(at(), {error: message}).kind).toBe('transient');
	expect(classifyErrorEvent(at(), {error: {message, type: message}}).kind).toBe('transient');
});

test('a header that a person gave is in no message', () => {
	const headers = {Authorization: 'Basic YWJjOmRlZg==', 'X-Tiny': '1'};
	const endpoint = {...endpointOf({type: 'openai', headers}), model: 'm'};
	const body = 'Not Basic YWJjOmRlZg==, nor YWJjOmRlZg== alone, in 10 seconds';
	const {message, hint} = classifyResponse(endpoint, {status: 401, headers: new Headers(), body});
	expect(message).toMatch(/Not \[key\], nor \[key\] alone, in 10 seconds$/);
	expect(hint).toBe('check the header authorization');
});

test('a 429 that shall not be retried is no matter of waiting', () => {
	expect(respond(429, 'No.', {'x-should-retry': 'false'}).kind).toBe('quota');
});

test('a message names provider, endpoint, model, status and what the server said, on one line', () => {
	expect(respond(500, {error: {message: 'Out\u001B[31m of\nmemory'}}).message).toBe(
		'OpenAI at https://api.openai.com (model some-model) failed with status 500: Out [31m of memory',
	);
});

test('no key is in a message', () => {
	const endpoint = at('openai', 'my-own-key');
	const body = 'Incorrect key my-own-key, sk-abcdef123456, Bearer abcdefgh';
	const {message} = classifyResponse(endpoint, {status: 401, headers: new Headers(), body});
	expect(message).toMatch(/Incorrect key \[key\], \[key\], \[key\]$/);
});

test.each<[ProviderType, string, number, Json, string]>([
	['anthropic', '', 401, 'No.', 'set ANTHROPIC_API_KEY'],
	['anthropic', 'key', 401, 'No.', 'check ANTHROPIC_API_KEY'],
	['ollama', '', 404, {error: 'model "some-model" not found'}, 'run: ollama pull some-model'],
	['lmstudio', '', 404, {error: 'No models loaded.'}, 'run: lms load some-model'],
	[
		'ollama',
		'',
		400,
		{error: 'some-model does not support tools'},
		'choose a model that can call tools, not some-model',
	],
])('%s with key "%s" and status %d has a hint', (type, key, status, body, hint) => {
	const answer = {status, headers: new Headers(), body: JSON.stringify(body)};
	expect(classifyResponse(at(type, key), answer).hint).toBe(hint);
});

test('the hint for a retired model names its successor', () => {
	const endpoint = {...at('anthropic'), model: 'claude-3-5-sonnet-20241022'};
	const body =
		'{"error": {"type": "not_found_error", "message": "model: claude-3-5-sonnet-20241022"}}';
	const {hint} = classifyResponse(endpoint, {status: 404, headers: new Headers(), body});
	expect(hint).toBe('claude-3-5-sonnet-20241022 is retired; use claude-sonnet-5-5');
});

test.each<[string, Json]>([
	['overloaded', {type: 'error', error: {type: 'overloaded_error', message: 'Overloaded'}}],
	['rate-limit', {error: {type: 'rate_limit_error', message: 'Too fast'}}],
	['transient', {type: 'error', error: {type: 'api_error', message: 'Oh no'}}],
	['bad-request', {error: {type: 'invalid_request_error', message: 'Wrong'}}],
	[
		'context-overflow',
		{error: {message: 'Trying to keep the first 9 tokens when context overflows'}},
	],
	['transient', {error: {message: 'Something else'}}],
	['transient', 'no JSON at all'],
])('an error event in a stream is %s: %j', (kind, payload) => {
	expect(classifyErrorEvent(at(), payload)).toMatchObject({kind, status: undefined});
});

test('an error under status 200 is what it says', () => {
	expect(
		classifyUnexpectedBody(at(), '{"error": {"code": 503, "message": "Loading model"}}').kind,
	).toBe('server-loading');
	expect(
		classifyUnexpectedBody(at('lmstudio'), '{"error": "Unexpected endpoint or method."}').kind,
	).toBe('server-down');
});

test('a secret stays one where its text is shortened, however long the text before it', () => {
	const secret = 'zq-TOPSECRET-1234567890abcdef';
	const endpoint = {...at('openai'), apiKey: secret};
	for (let length = 0; length < 2_100; length += 7) {
		const text = `${'x'.repeat(length)} ${secret} and ${secret}`;
		const answer = {status: 401, headers: new Headers(), body: ''};
		const errors = [
			classifyResponse(endpoint, {...answer, body: JSON.stringify({error: {message: text}})}),
			classifyResponse(endpoint, {...answer, body: text}),
			classifyErrorEvent(endpoint, {error: {message: text}}),
			classifyUnexpectedBody(endpoint, text),
			classifyThrown(endpoint, new Error(text)),
		];
		for (const {message} of errors) {
			expect(message).not.toContain(secret.slice(0, 6));
		}
	}
});

test('the end of a connection is told in words, with the code for who knows it', () => {
	const error = Object.assign(new Error('other side closed'), {code: 'UND_ERR_SOCKET'});
	expect(classifyThrown(at(), error).message).toMatch(
		/: the connection was closed \(UND_ERR_SOCKET\)$/,
	);
});

test('what is thrown is classified by the codes of all its causes', () => {
	const withCode = (code: string) => Object.assign(new Error(`It was ${code}.`), {code});
	const bundle = new AggregateError([withCode('ETIMEDOUT'), withCode('ECONNREFUSED')]);
	const nested = new Error('Connection error.', {
		cause: new TypeError('fetch failed', {cause: bundle}),
	});
	expect(classifyThrown(at('ollama'), nested)).toMatchObject({
		kind: 'server-down',
		hint: 'run: ollama serve',
		cause: nested,
	});
	expect(classifyThrown(at('ollama'), withCode('ENOTFOUND'))).toMatchObject({
		kind: 'server-down',
		hint: expect.stringContaining('host not found'),
	});
	expect(classifyThrown(at(), withCode('EAI_AGAIN')).kind).toBe('transient');
	expect(classifyThrown(at(), withCode('ECONNRESET')).kind).toBe('transient');
	expect(classifyThrown(at(), new TypeError('terminated')).kind).toBe('transient');
	expect(classifyThrown(at(), withCode('DEPTH_ZERO_SELF_SIGNED_CERT'))).toMatchObject({
		kind: 'server-down',
	});
	expect(classifyThrown(at(), new RangeError('a bug of ours')).kind).toBe('internal');
	expect(classifyThrown(at(), 'a string').message).toMatch(/a string$/);
});

test('where an address was written, the hints name it', () => {
	const refused = Object.assign(new Error('No.'), {code: 'ECONNREFUSED'});
	const unknown = Object.assign(new Error('No.'), {code: 'ENOTFOUND'});
	const hintAt = (type: ProviderType, baseUrl: string, addressFrom: string, error: Error) =>
		classifyThrown(endpointOf({type, baseUrl, addressFrom}), error).hint;
	expect(hintAt('ollama', 'http://here:1/v1', 'OLLAMA_HOST', refused)).toBe(
		'run: ollama serve, or check the address http://here:1 (from OLLAMA_HOST)',
	);
	expect(hintAt('openai', 'http://here:1', '--base-url', refused)).toBe(
		'start the server, or check the address http://here:1 (from --base-url)',
	);
	expect(hintAt('openai', 'https://eu.api.openai.com', '--base-url', refused)).toBe(
		'check the network connection and the address https://eu.api.openai.com (from --base-url)',
	);
	expect(hintAt('ollama', 'http://localhost:11434', 'OLLAMA_HOST', refused)).toBe(
		'run: ollama serve',
	);
	expect(hintAt('ollama', 'http://here:1', 'OLLAMA_HOST', unknown)).toBe(
		'check the base URL (from OLLAMA_HOST) and the network: host not found',
	);
});

test('a failure of ours keeps its kind through any wrapping', () => {
	const ours = endpointFailure(at(), 'stalled', 'nothing came for 50 ms');
	expect(classifyThrown(at(), new Error('Connection error.', {cause: ours}))).toBe(ours);
});
