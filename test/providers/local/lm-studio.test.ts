import {setImmediate} from 'node:timers/promises';
import {describe, expect, test} from 'vitest';
import type {Json} from '../../../source/core/json.ts';
import {createFetch} from '../../../source/providers/transport/fetch.ts';
import {createLmStudioProvider} from '../../../source/providers/local/lm-studio.ts';
import {
	httpError,
	raw,
	say,
	type ModelServerOptions,
	type Script,
} from '../../helpers/model-server.ts';
import {request} from '../conformance/requests.ts';
import {ask, collect, failureOf} from '../conformance/streams.ts';
import {eventStream, startLocal, startPlainServer} from './local-provider.ts';

const {signal} = new AbortController();

const start = async (
	script: Script,
	options: ModelServerOptions = {},
	settings: {readonly contextTokens?: number} = {},
) => startLocal(createLmStudioProvider, {type: 'lmstudio', ...settings}, script, options);

/** The page of the native interface, with one model. */
const listing = (model: {readonly [key: string]: Json}) => ({
	'/api/v1/models': {
		status: 200,
		body: {models: [{type: 'llm', loaded_instances: [], max_context_length: 131_072, ...model}]},
	},
});

const loaded = (id: string, tokens: number) => ({id, config: {context_length: tokens}});

/** A model that answers under a name of its own. */
const answeringAs = (model: string): Script => {
	const text = {model, choices: [{delta: {content: 'Hi.'}, finish_reason: 'stop'}]};
	return () => raw(eventStream([text]), 'text/event-stream');
};

describe('another model than the one that was asked', () => {
	test.each([
		['qwen/qwen3-8b', 'google/gemma-3-4b', {key: 'qwen/qwen3-8b'}],
		['qwen3-8b', 'qwen3-4b', {key: 'qwen3-8b'}],
		['qwen3-8b', 'my-coder', {key: 'qwen3-8b', loaded_instances: [loaded('qwen3-8b', 4096)]}],
	])('is a failure: %s answered by %s', async (model, answered, listed) => {
		const {provider} = await start(answeringAs(answered), {pages: listing(listed)});
		const error = await failureOf(provider, request({model}));
		expect(error).toMatchObject({kind: 'model-missing', hint: `run: lms load ${model}`});
		expect(error.message).toContain(`${answered} answered`);
		expect(error.partial).toBe('');
	});

	test.each([
		['qwen/qwen3-8b', 'qwen/qwen3-8b', {key: 'qwen/qwen3-8b'}],
		['qwen3-8b', 'qwen/qwen3-8b', {key: 'qwen/qwen3-8b'}],
		['qwen/qwen3-8b', 'qwen3-8b:2', {key: 'qwen/qwen3-8b'}],
		['qwen3-8b@q4_k_m', 'Qwen3-8B', {key: 'qwen3-8b'}],
		['qwen3-8b', 'my-coder', {key: 'qwen3-8b', loaded_instances: [loaded('my-coder', 4096)]}],
		[
			'my-coder',
			'qwen/qwen3-8b',
			{key: 'qwen/qwen3-8b', loaded_instances: [loaded('my-coder', 4096)]},
		],
		['any', '', {key: 'qwen3-8b'}],
	])('is not one of another name: %s answered by %j', async (model, answered, listed) => {
		const {provider} = await start(answeringAs(answered), {pages: listing(listed)});
		const answer = await ask(provider, request({model}));
		expect(answer.message.origin).toEqual({provider: 'lmstudio', model});
	});
});

describe('a model that is not in memory', () => {
	test('is loaded by the first call, which says so', async () => {
		const {provider, server} = await start(() => say('Hi.'), {
			pages: listing({key: 'test-model'}),
		});
		const [first] = await collect(provider, request());
		expect(first).toEqual({type: 'progress', phase: 'loading'});
		const [next] = await collect(provider, request());
		expect(next).toMatchObject({type: 'text-delta'});
		expect(server.visits).not.toContain('POST /api/v1/models/load');
	});

	test.each([404, 400])('and cannot be loaded (%d) names the command', async status => {
		const message =
			"No models loaded. Please load a model in the developer page or use the 'lms load' command.";
		const error = {message, type: 'invalid_request_error', param: 'model', code: null};
		const {provider} = await start(() => httpError(status, {error}));
		expect(await failureOf(provider, request({model: 'qwen3-8b'}))).toMatchObject({
			kind: 'model-missing',
			hint: 'run: lms load qwen3-8b',
		});
	});

	test('is loaded before the first call where a person wants a context, once for all', async () => {
		const loads: string[] = [];
		const models: string[] = [];
		const answering = Promise.withResolvers<void>();
		const url = await startPlainServer(async (message, response) => {
			let body = '';
			for await (const chunk of message) {
				body += String(chunk);
			}

			response.setHeader('content-type', 'application/json');
			if (message.url === '/api/v1/models') {
				response.end(JSON.stringify(listing({key: 'test-model'})['/api/v1/models'].body));
			} else if (message.url === '/api/v1/models/load') {
				loads.push(body);
				await answering.promise;
				response.end('{"type":"llm","instance_id":"test-model:2","status":"loaded"}');
			} else {
				models.push((JSON.parse(body) as {model: string}).model);
				response.setHeader('content-type', 'text/event-stream');
				const text = {model: 'test-model:2', choices: [{delta: {content: 'Hi.'}}]};
				response.end(eventStream([text]));
			}
		});
		const settings = {type: 'lmstudio', baseUrl: url, contextTokens: 32_768} as const;
		const provider = createLmStudioProvider(settings, {fetch: createFetch()});
		const abandoned = new AbortController();
		const both = [ask(provider, request()), ask(provider, request())];
		const gone = failureOf(provider, request(), {signal: abandoned.signal});
		while (loads.length === 0) {
			await setImmediate();
		}

		abandoned.abort();
		expect((await gone).kind).toBe('cancelled');
		answering.resolve();
		const answers = await Promise.all(both);
		expect(loads).toEqual(['{"model":"test-model","context_length":32768}']);
		expect(models).toEqual(['test-model:2', 'test-model:2']);
		expect(answers[0]?.message.origin.model).toBe('test-model');
	});

	test('that nobody waits for any more is not loaded on', async () => {
		const gone = Promise.withResolvers<void>();
		const controller = new AbortController();
		const url = await startPlainServer((message, response) => {
			if (message.url === '/api/v1/models/load') {
				response.once('close', gone.resolve);
				controller.abort();
				return;
			}

			response.setHeader('content-type', 'application/json');
			response.end(JSON.stringify(listing({key: 'test-model'})['/api/v1/models'].body));
		});
		const settings = {type: 'lmstudio', baseUrl: url, contextTokens: 32_768} as const;
		const provider = createLmStudioProvider(settings, {fetch: createFetch()});
		const error = await failureOf(provider, request(), {signal: controller.signal});
		expect(error.kind).toBe('cancelled');
		await gone.promise;
	});
});

describe('the context that a person wants', () => {
	const load = (id: string) => ({
		'/api/v1/models/load': {status: 200, body: {instance_id: id, status: 'loaded'}},
	});

	test.each([
		['is there already', [loaded('test-model', 4096), loaded('big', 40_960)], 'big', false],
		['is more than what is loaded', [loaded('test-model', 4096)], 'test-model:2', true],
	])('%s', async (_, instances, servedAs, isLoaded) => {
		const pages = {...listing({key: 'test-model', loaded_instances: instances}), ...load(servedAs)};
		const {provider, server} = await start(() => say('Hi.'), {pages}, {contextTokens: 32_768});
		expect(await provider.capabilities('test-model', {signal})).toMatchObject(
			isLoaded ? {contextTokens: 32_768} : {},
		);
		await ask(provider, request());
		expect(server.requests[0]?.model).toBe(servedAs);
		expect(server.visits.includes('POST /api/v1/models/load')).toBe(isLoaded);
	});

	test('is asked for again when somebody has taken the model out of memory', async () => {
		const pages = {...listing({key: 'test-model'}), ...load('test-model')};
		const {provider, server} = await start(
			({ordinal}) => (ordinal === 0 ? httpError(404, {error: 'No models loaded.'}) : say('Hi.')),
			{pages},
			{contextTokens: 32_768},
		);
		expect(await failureOf(provider, request())).toMatchObject({kind: 'model-missing'});
		await ask(provider, request());
		await ask(provider, request());
		const loads = server.visits.filter(visit => visit === 'POST /api/v1/models/load');
		expect(loads).toHaveLength(2);
	});

	test('is no more than the model can have', async () => {
		const pages = listing({key: 'test-model', max_context_length: 8192});
		const {provider} = await start(() => say('Hi.'), {pages}, {contextTokens: 32_768});
		const {contextTokens} = await provider.capabilities('test-model', {signal});
		expect(contextTokens).toBe(8192);
	});

	test('cannot be had of a server before 0.4, which is asked all the same', async () => {
		const pages = {'/api/v1/models': {status: 404, body: {error: 'Unexpected endpoint'}}};
		const {provider, server} = await start(() => say('Hi.'), {pages}, {contextTokens: 65_536});
		await ask(provider, request());
		expect(server.requests[0]?.model).toBe('test-model');
		const {contextTokens} = await provider.capabilities('test-model', {signal});
		expect(contextTokens).toBe(32_768);
	});
});

test('embedding models are left out of every list', async () => {
	const unknown = {status: 404, body: 'Not found'};
	const embedding = {id: 'text-embedding-nomic', type: 'embeddings', state: 'loaded'};
	const v0 = {data: [{id: 'a', type: 'llm', state: 'loaded'}, embedding]};
	const plain = {data: [{id: 'a'}, {id: 'text-embedding-nomic'}]};
	for (const pages of [
		{},
		{'/api/v1/models': unknown, '/api/v0/models': {status: 200, body: v0}},
		{
			'/api/v1/models': unknown,
			'/api/v0/models': unknown,
			'/v1/models': {status: 200, body: plain},
		},
	]) {
		const {provider} = await start(() => say(''), {models: ['a'], pages});
		expect((await provider.models({signal})).map(({id}) => id)).toEqual(['a']);
	}
});
