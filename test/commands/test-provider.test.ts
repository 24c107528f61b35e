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
import {fakeIo, writeConfig} from './fake-io.ts';

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
		'✓ authenticate access granted …',
		'✓ models       1 model, including test-model …',
		'✓ capabilities tools: native, structured output: enforced, context: 8192 tokens, parallel calls: 1 …',
		'✓ answer       first token after …, 10 tokens, … …',
		'✓ tool-call    called temperature({"city":"Oslo"}) …',
		'✓ structured   answered {"city":"Oslo","country":"Norway"} …',
		`Next: llm-orchestrator create my-team --provider ollama --base-url ${baseUrl}`,
	]);
});

test('the next command has all flags that were given, as a shell reads them', async () => {
	const baseUrl = await start(able);
	const io = await fakeIo({MY_GATE: 'key'});
	const flags = {
		baseUrl: `${baseUrl}/v1?api-version=1`,
		header: ["X-Team: it's us", 'X-Trace: $TRACE'],
		query: ['region=a b'],
		keyVariable: 'MY_GATE',
	};
	const io2 = {...io, environment: {...io.environment, TRACE: 'on'}};
	expect(await testProviderCommand.run({words: ['openai:test-model'], flags}, io2)).toBe(0);
	const next = io.out.at(-1);
	expect(next).toBe(
		`Next: llm-orchestrator create my-team --provider openai --model test-model --base-url ${baseUrl}/v1 --header 'X-Team: it'\\''s us' --header 'X-Trace: $TRACE' --query api-version=1 --query 'region=a b' --key-variable MY_GATE`,
	);
});

test('the next command does not repeat a key, but says how to pass it', async () => {
	const baseUrl = await start(able);
	const io = await fakeIo();
	const flags = {
		baseUrl,
		header: ['X-Api-Key: abc-123'],
		query: ['code=ghp_0123456789abcdefghijklmnopqrstuv'],
	};
	expect(await testProviderCommand.run({words: ['openai:test-model'], flags}, io)).toBe(0);
	expect(io.out.at(-1)).toBe(
		`Next: put the value of X-Api-Key into the variable X_API_KEY, then: put the value of code into the variable CODE, then: llm-orchestrator create my-team --provider openai --model test-model --base-url ${baseUrl} --header 'X-Api-Key: $X_API_KEY' --query 'code=$CODE'`,
	);
	expect([...io.out, ...io.err].join('\n')).not.toMatch(/abc-123|ghp_/);
});

test('a service of the person is tested by its name, with the key and model that it needs', async () => {
	const baseUrl = await start(able, {key: 'right', models: ['one', 'two']});
	const io = await fakeIo({MINE_KEY: 'right'});
	const mine = {type: 'openai', baseUrl, keyVariable: 'MINE_KEY'};
	await writeConfig(io, {providers: {mine}});
	expect(await testProviderCommand.run({words: ['mine:two'], flags: {}}, io)).toBe(0);
	expect(io.out.at(-1)).toBe('Next: llm-orchestrator create my-team --provider mine --model two');
	expect(await testProviderCommand.run({words: ['mine'], flags: {}}, io)).toBe(4);
	expect(io.err.join('\n')).toContain(
		'mine has no default model. [model-missing] → name one of its models: one, two',
	);
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
		/! tool-call .*slower and less reliable → choose a model that is trained to call tools/,
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
			expect(io.err).toEqual(['Stopped during tool-call: 5 of 7 steps done.']);
		}
	}
});

test.each([
	['openai', {}, 'gpt-6.1-terra', 'use an available one: -m qwen3:8b'],
	['anthropic', {ANTHROPIC_API_KEY: 'k'}, 'claude-sonnet-5-5', 'use an available one: -m qwen3:8b'],
] as const)(
	'%s at a server without its default model says which ones are there and what to type',
	async (type, environment, missing, hint) => {
		const io = await fakeIo(environment);
		const baseUrl = await start(able, {models: ['qwen3:8b', 'llama3.2:3b']});
		expect(await testProviderCommand.run({words: [type], flags: {baseUrl}}, io)).toBe(4);
		expect(lines(io.out).slice(3)).toEqual([
			expect.stringMatching(
				new RegExp(
					`^! models +2 models, ${missing} is not among them: .*(qwen3:8b, llama3.2:3b|llama3.2:3b, qwen3:8b) → ${hint} …$`,
				),
			),
			`– capabilities skipped: the server does not list ${missing} …`,
		]);
		expect(io.err).toEqual([expect.stringMatching(new RegExp(`^✗ answer .*\\] → ${hint}$`))]);
	},
);

test('a name that is nearly right is found, in a word that a shell reads as it is', async () => {
	const io = await fakeIo();
	const baseUrl = await start(able, {
		models: ['llama3.2:3b', "qwen2 $x's"],
		pages: {'/api/show': {status: 404, body: {error: 'model "qwen2" not found'}}},
	});
	const flags = {baseUrl, model: 'qwen2'};
	expect(await testProviderCommand.run({words: ['ollama'], flags}, io)).toBe(4);
	const hint = "→ run: ollama pull qwen2, or use an available one: -m 'qwen2 $x'\\''s'";
	expect(io.out.join('\n')).toContain(hint);
	expect(io.err.join('\n')).toContain(hint);
});

test('--json marks what was skipped, and has the names', async () => {
	const io = await fakeIo();
	const baseUrl = await start(able, {models: ['qwen3:8b']});
	const flags = {baseUrl, model: 'nope', json: true};
	await testProviderCommand.run({words: ['ollama'], flags}, io);
	expect(JSON.parse(io.out.join(''))).toMatchObject({
		ok: false,
		steps: [
			{},
			{},
			{
				name: 'models',
				outcome: 'warning',
				detail: '1 model, nope is not among them: qwen3:8b',
				hint: 'run: ollama pull nope, or use an available one: -m qwen3:8b',
			},
			{
				name: 'capabilities',
				outcome: 'warning',
				skipped: true,
				detail: 'skipped: the server does not list nope',
			},
			{name: 'answer', outcome: 'failed', failure: {hint: expect.stringContaining('-m qwen3:8b')}},
		],
	});
});

test.each([
	['ollama', 'run: ollama serve'],
	['lmstudio', 'run: lms server start'],
	['llama-server', 'run: llama-server --jinja -m <model.gguf>'],
] as const)('%s that is not at an address says where the address is from', async (type, how) => {
	const {url, close} = await startModelServer(able);
	await close();
	const io = await fakeIo({OLLAMA_HOST: url});
	await testProviderCommand.run({words: [type], flags: {baseUrl: url}}, io);
	const hint = `→ ${how}, or check the address ${url} (from`;
	expect(io.err.join('\n')).toContain(`${hint} --base-url)`);
	if (type === 'ollama') {
		await testProviderCommand.run({words: [type], flags: {}}, io);
		expect(io.err.at(-1)).toContain(`${hint} OLLAMA_HOST)`);
	}
});

test('a web server that has no such page is another program, and so is one with a page', async () => {
	const page = '<!DOCTYPE html><title>Hello</title>';
	for (const status of [200, 404]) {
		const io = await fakeIo();
		const paths = ['/api/version', '/api/tags', '/api/ps'];
		const pages = Object.fromEntries(paths.map(path => [path, {status, body: page}]));
		const baseUrl = await start(able, {pages});
		expect(await testProviderCommand.run({words: ['ollama'], flags: {baseUrl}}, io)).toBe(4);
		expect(io.err.join('\n')).toMatch(
			/it sent an HTML page \[server-down\] → check the base URL \(from --base-url\)$/,
		);
	}
});

test('an address that is none is repeated, with what one looks like', async () => {
	const io = await fakeIo();
	const flags = {baseUrl: 'htp://x'};
	await expect(testProviderCommand.run({words: ['ollama'], flags}, io)).rejects.toMatchObject({
		message: 'The base URL of Ollama is not valid: "htp://x" (from --base-url).',
		hint: 'use an address like http://127.0.0.1:11434',
	});
});
