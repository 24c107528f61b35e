import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {expect, test} from 'vitest';
import {createProvider} from '../../source/providers/factory.ts';
import {createFetch} from '../../source/providers/transport/fetch.ts';
import {providerTypes} from '../../source/core/settings.ts';

test('makes a provider of every type but the demo', async () => {
	const fetch = createFetch();
	for (const type of providerTypes.filter(type => type !== 'demo')) {
		const provider = await createProvider({type, baseUrl: 'http://host:1/v1/'}, {fetch});
		expect(provider).toMatchObject({type, endpoint: 'http://host:1'});
	}

	await expect(createProvider({type: 'demo'}, {fetch})).rejects.toMatchObject({
		kind: 'bad-request',
	});
});

test('loads the packages of a provider with its first request, and no others', async () => {
	const script = `
		import {registerHooks} from 'node:module';
		const loaded = [];
		registerHooks({resolve(specifier, context, next) {
			if (['openai', 'ollama', '@anthropic-ai/sdk', 'undici'].includes(specifier)) loaded.push(specifier);
			return next(specifier, context);
		}});
		const {createProvider} = await import('./source/providers/factory.ts');
		const {createFetch} = await import('./source/providers/transport/fetch.ts');
		const providers = {};
		for (const type of ['anthropic', 'openai', 'ollama', 'lmstudio', 'llama-server']) {
			providers[type] = await createProvider({type, baseUrl: 'http://127.0.0.1:1', apiKey: 'k'}, {fetch: createFetch()});
		}
		const before = [...loaded];
		const request = {model: 'm', system: '', messages: [], maxOutputTokens: 1};
		const options = {signal: new AbortController().signal, idleMs: 1000, firstByteMs: 1000, retry: 0};
		await providers.openai.stream(request, options).next().catch(() => {});
		console.log(JSON.stringify({before, after: loaded}));
	`;
	const {stdout} = await promisify(execFile)(process.execPath, [
		'--input-type=module',
		'--eval',
		script,
	]);
	expect(JSON.parse(stdout)).toEqual({before: [], after: ['openai', 'undici']});
});
