import {expect, onTestFinished, test} from 'vitest';
import type {HttpProviderType} from '../../../source/providers/defaults.ts';
import {createProvider} from '../../../source/providers/factory.ts';
import {createFetch} from '../../../source/providers/transport/fetch.ts';
import {lookUpModel, withLookupHint} from '../../../source/providers/discovery/probe-models.ts';
import {ProviderError} from '../../../source/providers/provider.ts';
import {say, startModelServer, type ModelServerOptions} from '../../helpers/model-server.ts';

const {signal} = new AbortController();

const look = async (type: HttpProviderType, model: string, options: ModelServerOptions) => {
	const server = await startModelServer(() => say('Never.'), options);
	onTestFinished(async () => server.close());
	const settings = {type, baseUrl: server.url, apiKey: 'key'};
	const provider = await createProvider(settings, {fetch: createFetch()});
	return lookUpModel(provider, model, {signal, formatModel: name => `--use ${name}`});
};

const missing = new ProviderError('model-missing', 'It is not there.', {
	status: 404,
	hint: 'the server’s own',
});

test('the nearest name is proposed, else the first model that can call tools', async () => {
	const models = ['embedding-1', 'first', 'second', 'lama3'];
	const near = await look('openai', 'llama3', {models});
	expect(near.finding).toMatchObject({
		outcome: 'warning',
		detail: expect.stringMatching(/^4 models, llama3 is not among them: lama3, /),
		hint: 'use an available one: --use lama3',
	});
	const far = await look('openai', 'gpt', {models});
	expect(far.hint).toBe('use an available one: --use first');
	const trained = (key: string, canCall: boolean) => ({
		type: 'llm',
		key,
		loaded_instances: [],
		capabilities: {trained_for_tool_use: canCall},
	});
	const body = {models: [trained('first', false), trained('second', true)]};
	const local = await look('lmstudio', 'gpt', {pages: {'/api/v1/models': {status: 200, body}}});
	expect(local.hint).toBe('run: lms get gpt, or use an available one: --use second');
});

test('where nothing tells which model can call tools, the first one is proposed', async () => {
	const pages = {'/api/show': {status: 500, body: {error: 'broken'}}};
	const {hint} = await look('ollama', 'gpt', {models: ['first', 'second'], pages});
	expect(hint).toBe('run: ollama pull gpt, or use an available one: --use first');
});

test.each([
	['openai', 'add a model to the server first'],
	['ollama', 'run: ollama pull gpt'],
	['lmstudio', 'run: lms get gpt'],
] as const)('%s without any model says how it gets one', async (type, hint) => {
	const pages = {'/api/v1/models': {status: 200, body: {models: []}}};
	const {finding, isListed} = await look(type, 'gpt', {models: [], pages});
	expect(isListed).toBe(false);
	expect(finding).toMatchObject({detail: '0 models, gpt is not among them', hint});
});

test('a llama-server with one model takes any name', async () => {
	const found = await look('llama-server', 'any', {models: ['/m/qwen3.gguf']});
	expect(found).toMatchObject({
		isListed: true,
		finding: {outcome: 'ok', detail: '1 model, /m/qwen3.gguf, which accepts any model name'},
	});
	expect(withLookupHint(missing, found)).toMatchObject({
		hint: 'start llama-server with any, or use an available one: --use /m/qwen3.gguf',
	});
});

test('a model that a server lists and does not serve is a matter of the key, or of the server', async () => {
	const ofVendor = await look('openai', 'gpt', {models: ['gpt']});
	expect(ofVendor.finding).toEqual({outcome: 'ok', detail: '1 model, including gpt'});
	expect(withLookupHint(missing, ofVendor)).toMatchObject({
		kind: 'model-missing',
		message: 'It is not there.',
		status: 404,
		hint: expect.stringContaining("check the key's access"),
	});
	const ofServer = await look('ollama', 'gpt', {models: ['gpt:latest']});
	expect(withLookupHint(missing, ofServer)).toBe(missing);
});

test('a failure that is not for want of the model stays as it is', async () => {
	const found = await look('openai', 'gpt', {models: ['other']});
	const other = new ProviderError('auth', 'No.');
	expect(withLookupHint(other, found)).toBe(other);
	expect(withLookupHint(missing, undefined)).toBe(missing);
});
