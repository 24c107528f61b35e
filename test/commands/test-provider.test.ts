import {expect, onTestFinished, test} from 'vitest';
import {testProviderCommand} from '../../source/commands/test-provider.ts';
import {
	answerJson,
	call,
	delivered,
	httpError,
	say,
	startModelServer,
	type ModelServerOptions,
	type Script,
} from '../helpers/model-server.ts';
import {fakeIo} from './fake-io.ts';

const able: Script = ({tools, schema}) => {
	if (schema) {
		return answerJson({city: 'Oslo', country: 'Norway'});
	}

	return tools.length > 0 ? call('temperature', {city: 'Oslo'}) : say('Hello.');
};

const start = async (script: Script, options: ModelServerOptions = {}) => {
	const server = await startModelServer(script, options);
	onTestFinished(async () => server.close());
	return server.url;
};

const lines = (texts: readonly string[]) =>
	texts.map(text => text.replace(/\(\d.*\)$|\d+ ms|[\d.]+ tokens\/s/g, '…').trimEnd());

test('tells every step and what to do next', async () => {
	const io = await fakeIo();
	const baseUrl = await start(able, {contextTokens: 8192});
	const code = await testProviderCommand.run({words: ['ollama'], flags: {baseUrl}}, io);
	expect(code).toBe(0);
	expect(io.err).toEqual([]);
	expect(lines(io.out)).toEqual([
		`ollama at ${baseUrl}`,
		'✓ reach        version 0.30.1 …',
		'✓ authenticate it lets us in …',
		'✓ models       1 model, test-model among them …',
		'✓ capabilities tools: native, structured output: enforced, context: 8192 tokens, parallel calls: 1 …',
		'✓ answer       first token after …, 10 tokens, … …',
		'✓ tool-call    called temperature({"city":"Oslo"}) …',
		'✓ structured   answered {"city":"Oslo","country":"Norway"} …',
		`Next: llm-orchestrator create my-team --provider ollama --base-url ${baseUrl}`,
	]);
});

test('--json prints one document, with the numbers', async () => {
	const io = await fakeIo();
	const baseUrl = await start(able);
	const flags = {baseUrl, json: true};
	expect(await testProviderCommand.run({words: ['lmstudio'], flags}, io)).toBe(0);
	expect(io.out).toHaveLength(1);
	const result: unknown = JSON.parse(io.out[0] ?? '');
	expect(result).toMatchObject({
		type: 'lmstudio',
		endpoint: baseUrl,
		model: 'test-model',
		ok: true,
	});
	expect(result).toHaveProperty('steps.4.firstTokenMs', expect.any(Number));
	expect(result).toHaveProperty('steps.6.name', 'structured');
});

test('a warning says what it means and leaves the exit code alone', async () => {
	const io = await fakeIo();
	const baseUrl = await start(() => say('It is cold.'));
	expect(await testProviderCommand.run({words: ['ollama'], flags: {baseUrl}}, io)).toBe(0);
	expect(io.out.join('\n')).toMatch(
		/! tool-call .*slower, less sure → choose a model that is trained to call tools/,
	);
});

test('a failure says what to do and ends with the exit code of a provider', async () => {
	const io = await fakeIo();
	const baseUrl = await start(() => httpError(401));
	expect(await testProviderCommand.run({words: ['ollama'], flags: {baseUrl}}, io)).toBe(4);
	expect(io.err).toEqual([expect.stringMatching(/^✗ answer .*\[auth\] → set OLLAMA_API_KEY$/)]);
	expect(io.out.at(-1)).not.toContain('Next');
});

test.each([
	['SIGINT', 130],
	['SIGTERM', 143],
] as const)('%s ends it and says how far it came', async (signal, code) => {
	for (const json of [false, true]) {
		const io = await fakeIo();
		const baseUrl = await start(request => {
			if (request.tools.length === 0) {
				return say('Hello.');
			}

			io.signal(signal);
			return delivered(say('Never.'), {how: 'stalled', afterBytes: 0});
		});
		const flags = {baseUrl, ...(json ? {json} : {})};
		expect(await testProviderCommand.run({words: ['ollama'], flags}, io)).toBe(code);
		if (json) {
			expect(JSON.parse(io.out.join(''))).toMatchObject({
				ok: false,
				interrupted: 'tool-call',
				steps: [{}, {}, {}, {}, {name: 'answer'}],
			});
		} else {
			expect(io.err).toEqual(['Stopped during tool-call: 5 of 7 things were tried.']);
		}
	}
});
