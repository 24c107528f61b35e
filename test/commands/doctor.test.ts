import {writeFile} from 'node:fs/promises';
import {beforeAll, expect, onTestFinished, test} from 'vitest';
import {doctorCommand} from '../../source/commands/doctor.ts';
import {printProviders} from '../../source/commands/services/print-providers.ts';
import {initCommand} from '../../source/commands/init.ts';
import {say, startModelServer, type ModelServerOptions} from '../helpers/model-server.ts';
import {findProviders} from '../../source/providers/discovery/discover.ts';
import {fakeIo, homeFile, writeConfig} from './fake-io.ts';

beforeAll(async () => {
	// Loading the adapters must not count against the time that servers have.
	await findProviders({}, {patienceMs: 30_000});
});

const startOllama = async (options: ModelServerOptions = {}) => {
	const server = await startModelServer(() => say('Never.'), options);
	onTestFinished(async () => server.close());
	return fakeIo({OLLAMA_HOST: server.url});
};

const noWords = {words: [], flags: {}};

test('doctor lists models with what they can do, and mends what is missing', async () => {
	const io = await startOllama({models: ['qwen3:8b', 'llama3.2:3b'], contextTokens: 8192});
	await doctorCommand.run(noWords, io);
	const text = io.out.join('\n');
	expect(text).toMatch(/✓ ollama +answers at http:\/\/127\.0\.0\.1:\d+\n/);
	expect(text).toMatch(/\n +qwen3:8b +tools, 8192 tokens of context, loaded\n/);
	expect(text).toMatch(/\n +llama3\.2:3b +tools, 8192 tokens of context\n/);
	expect(text).toMatch(/– anthropic +no key → export ANTHROPIC_API_KEY=<your key>/);
});

test('doctor --json keeps the names of models and adds what they can do', async () => {
	const io = await startOllama({models: ['qwen3:8b'], contextTokens: 8192});
	await doctorCommand.run({words: [], flags: {json: true}}, io);
	const {providers} = JSON.parse(io.out.join('')) as {providers: readonly object[]};
	expect(providers).toContainEqual({
		type: 'ollama',
		state: 'up',
		detail: expect.stringContaining('answers at'),
		models: ['qwen3:8b'],
		details: [{id: 'qwen3:8b', loaded: true, tools: 'native', contextTokens: 8192}],
	});
	expect(providers).toContainEqual(
		expect.objectContaining({type: 'openai', state: 'no-key', models: [], details: []}),
	);
});

test('doctor says where an address is from at which nobody listens', async () => {
	const {url, close} = await startModelServer(() => say('Never.'));
	await close();
	const io = await fakeIo({OLLAMA_HOST: url.replace('http://', '')});
	await doctorCommand.run(noWords, io);
	expect(io.out.join('\n')).toContain(
		`→ run: ollama serve, or check the address ${url} (from OLLAMA_HOST)\n`,
	);
});

test('doctor has one line for each service, with its key or what to do', async () => {
	const {url, close} = await startModelServer(() => say('Never.'), {models: ['a', 'b']});
	onTestFinished(close);
	const io = await fakeIo({MINE_KEY: 'k'});
	const mine = {type: 'openai', baseUrl: url, keyVariable: 'MINE_KEY'};
	await writeConfig(io, {providers: {mine, other: {...mine, keyVariable: 'X'}}});
	await doctorCommand.run(noWords, io);
	const lines = io.out.slice(io.out.findIndex(line => line.includes('llama-server')) + 1);
	expect(lines).toEqual([
		'✓ mine          key from MINE_KEY, 2 models',
		'– other         no key → export X=<your key>',
	]);
});

test('doctor looks for providers also with a configuration that cannot be read', async () => {
	const io = await fakeIo();
	await writeFile(homeFile(io, 'config.json'), '{');
	expect(await doctorCommand.run(noWords, io)).toBe(1);
	expect(io.out.join('\n')).toMatch(/✗ home .*is not JSON[^]*– anthropic +no key/);
});

test('init proposes the best that was found', async () => {
	const io = await startOllama({models: ['qwen3:8b']});
	await initCommand.run(noWords, io);
	expect(io.out.at(-1)).toBe(
		'Next: llm-orchestrator create my-team --provider ollama --model qwen3:8b',
	);
});

test('init keeps a name that a shell would act on from acting', async () => {
	const io = await startOllama({models: ["it's; rm -rf $HOME"]});
	await initCommand.run(noWords, io);
	expect(io.out.at(-1)).toBe(
		"Next: llm-orchestrator create my-team --provider ollama --model 'it'\\''s; rm -rf $HOME'",
	);
});

test('many models are told in part', async () => {
	const io = await fakeIo();
	const details = Array.from({length: 15}, (_, index) => ({
		id: `model-${index}`,
		loaded: index === 14,
		tools: 'none' as const,
		contextTokens: null,
	}));
	const models = details.map(({id}) => id);
	const found = {type: 'ollama', state: 'up', detail: 'answers', models, details} as const;
	printProviders([found], io, {withModels: true});
	expect(io.out).toHaveLength(14);
	expect(io.out[1]).toMatch(/^ +model-14 +no tools, loaded$/);
	expect(io.out.at(-1)).toMatch(/^ +and 3 more$/);
});
