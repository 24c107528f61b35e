import {expect, test} from 'vitest';
import type {RequestOptions} from '../../../source/core/settings.ts';
import {createAnthropicProvider} from '../../../source/providers/anthropic/adapter.ts';
import {createOllamaProvider} from '../../../source/providers/ollama/adapter.ts';
import {createOpenAiProvider} from '../../../source/providers/openai/adapter.ts';
import {httpError, say} from '../../helpers/model-server.ts';
import {request as chat, schema} from '../conformance/requests.ts';
import {createFetch} from '../../../source/providers/transport/fetch.ts';
import {ask, failureOf} from '../conformance/streams.ts';
import {startLocal, startPlainServer} from '../local/local-provider.ts';

const options: RequestOptions = {
	temperature: 0.2,
	reasoningEffort: 'low',
	keepAlive: '1h',
	body: {user: 'me'},
};

test.each([
	['openai', createOpenAiProvider, {temperature: 0.2, reasoning_effort: 'low', user: 'me'}],
	[
		'anthropic',
		createAnthropicProvider,
		{temperature: 0.2, output_config: {effort: 'low', format: {type: 'json_schema'}}, user: 'me'},
	],
	[
		'ollama',
		createOllamaProvider,
		{options: {temperature: 0.2, num_predict: 256}, think: 'low', keep_alive: '1h', user: 'me'},
	],
] as const)('%s is sent what the person asks for', async (type, create, body) => {
	const {provider, server} = await startLocal(create, {type, request: options}, () => say('{}'));
	await ask(provider, chat({output: {name: 'place', schema}}));
	expect(server.requests[0]?.body).toMatchObject(body);
});

test('an option that the server refuses is left out', async () => {
	const {provider, server} = await startLocal(
		createOpenAiProvider,
		{type: 'openai', request: options},
		({body}) =>
			'temperature' in body
				? httpError(400, {error: {message: "Unsupported parameter: 'temperature'"}})
				: say('Done.'),
	);
	await ask(provider, chat());
	expect(server.requests[1]?.body).toMatchObject({reasoning_effort: 'low'});
	expect(provider.concessions?.()).toEqual(['temperature']);
});

test('a query is part of every address', async () => {
	const visits: (string | undefined)[] = [];
	const baseUrl = await startPlainServer(({url}, response) => {
		visits.push(url);
		response.setHeader('content-type', 'application/json');
		response.end('{"data": []}');
	});
	const query = {'api-version': '2026-01-01'};
	const provider = createOpenAiProvider({type: 'openai', baseUrl, query}, {fetch: createFetch()});
	await failureOf(provider, chat());
	await provider.models({signal: new AbortController().signal});
	expect(visits).toEqual([
		'/v1/chat/completions?api-version=2026-01-01',
		'/v1/models?api-version=2026-01-01',
	]);
});
