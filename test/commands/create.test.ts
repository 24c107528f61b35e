import {readFile, rm} from 'node:fs/promises';
import {expect, onTestFinished, test} from 'vitest';
import {createCommand} from '../../source/commands/create.ts';
import type {FlagValues} from '../../source/commands/argv/command.ts';
import {say, startModelServer, type ModelServerOptions} from '../helpers/model-server.ts';
import {startPlainServer} from '../providers/local/local-provider.ts';
import {fakeIo, homeFile, writeConfig, type FakeIo} from './fake-io.ts';

const start = async (options: ModelServerOptions = {}) => {
	const server = await startModelServer(() => say('Never.'), options);
	onTestFinished(async () => server.close());
	return server;
};

/** Makes the team `crew`, which has to be there afterwards; what was complained about. */
async function create(flags: FlagValues, io: FakeIo): Promise<readonly string[]> {
	expect(await createCommand.run({words: ['crew'], flags}, io)).toBe(0);
	await readFile(homeFile(io, 'teams/crew/config.json'), 'utf8');
	expect(io.out).toEqual([
		expect.stringMatching(/^Created crew: /),
		'Next: llm-orchestrator run crew "your task"',
	]);
	return io.err;
}

test('a model that the server does not list is warned about, with how to get it', async () => {
	const {url, visits} = await start({models: ['llama3.2:3b', 'qwen3:8b']});
	const io = await fakeIo({OLLAMA_HOST: url});
	expect(await create({provider: 'ollama', model: 'qwen3:4b'}, io)).toEqual([
		`warning: Ollama at ${url} does not list the model "qwen3:4b" → run: ollama pull qwen3:4b, or use an available one: qwen3:8b, llama3.2:3b`,
	]);
	expect(visits.filter(visit => visit.startsWith('POST'))).toEqual([]);
});

test('a default model of the vendor that the server does not list is warned about too', async () => {
	const {url} = await start({models: ['mine']});
	const io = await fakeIo({OPENAI_API_KEY: 'k'});
	expect(await create({provider: 'openai', baseUrl: url}, io)).toEqual([
		`warning: OpenAI at ${url} does not list the model "gpt-6.1-terra" → use an available one: mine`,
	]);
});

test('a server without any model is warned about', async () => {
	const {url} = await start({models: []});
	const io = await fakeIo({OLLAMA_HOST: url});
	expect(await create({provider: 'ollama'}, io)).toEqual([
		`warning: Ollama at ${url} has no models → run: ollama pull qwen3`,
	]);
});

test.each<readonly [string, FlagValues]>([
	['names a model that is there', {provider: 'ollama', model: 'qwen3:8b'}],
	['names it without its tag', {provider: 'ollama', model: 'small'}],
	['leaves the model to the server', {provider: 'ollama'}],
	['has a key', {provider: 'openai'}],
	['is played', {provider: 'demo'}],
])('a team that %s is made without a word', async (_, flags) => {
	const {url} = await start({models: ['qwen3:8b', 'small:latest']});
	const io = await fakeIo({OLLAMA_HOST: url, OPENAI_API_KEY: 'k'});
	expect(await create(flags, io)).toEqual([]);
});

test('what each member lacks is said once, a line each, and nobody else is asked', async () => {
	const gone = await start();
	await gone.close();
	const other = await start();
	const io = await fakeIo({OLLAMA_HOST: other.url});
	const flags = {
		lead: 'anthropic',
		teammate: [`lmstudio:qwen3@${gone.url}`, 'anthropic:claude-haiku-5-5'],
		fallback: ['openai'],
	};
	const lines = await create(flags, io);
	expect(lines).toHaveLength(3);
	expect(lines[0]).toBe(
		'warning: ANTHROPIC_API_KEY is not set → export ANTHROPIC_API_KEY=<your key>',
	);
	expect(lines[1]).toMatch(
		/^warning: LM Studio at .* cannot be reached.* → run: lms server start, /,
	);
	expect(lines[1]).toContain(`check the address ${gone.url} (from the team's settings)`);
	expect(lines[2]).toBe('warning: OPENAI_API_KEY is not set → export OPENAI_API_KEY=<your key>');
	expect(other.visits).toEqual([]);
});

test('a retired model is warned about, of whichever member', async () => {
	const io = await fakeIo({ANTHROPIC_API_KEY: 'k'});
	const model = 'claude-3-opus-20240229';
	expect(await create({lead: 'demo', provider: 'anthropic', model}, io)).toEqual([
		`warning: ${model} is retired; use claude-opus-5-5`,
	]);
});

test('a server that never answers is waited for less than a second, and named', async () => {
	const url = await startPlainServer(() => {});
	const io = await fakeIo({OLLAMA_HOST: url});
	const [line = '', ...more] = await create({provider: 'ollama', model: 'qwen3'}, io);
	expect(line).toMatch(/^warning: Ollama: no answer within 900 ms → run: ollama serve, or check/);
	expect(more).toEqual([]);
});

test('a server that does not tell its models in time is not said to lack one', async () => {
	const url = await startPlainServer(({url: page}, response) => {
		if (page === '/api/version') {
			response.setHeader('content-type', 'application/json');
			response.end('{"version": "1"}');
		}
	});
	const io = await fakeIo({OLLAMA_HOST: url});
	expect(await create({provider: 'ollama', model: 'qwen3'}, io)).toEqual([]);
});

test('a service without its key, its address or its model is warned about, with what to do', async () => {
	const {url} = await start({models: ['small', 'large']});
	const io = await fakeIo({MINE_KEY: 'k'});
	await writeConfig(io, {
		providers: {
			mine: {type: 'openai', baseUrl: url, keyVariable: 'MINE_KEY'},
			other: {type: 'openai', baseUrl: url, keyVariable: 'OTHER_KEY'},
		},
	});
	const flags = {lead: 'mine', teammate: ['other:small', 'azure:d'], fallback: ['groq', 'mine:x']};
	expect(await create(flags, io)).toEqual([
		'warning: mine has no default model → name one of its models: small, large',
		'warning: OTHER_KEY is not set → export OTHER_KEY=<your key>',
		expect.stringMatching(/^warning: azure has no address → set baseUrl in config\.json: /),
		'warning: GROQ_API_KEY is not set → export GROQ_API_KEY=<your key>',
		'warning: groq has no default model → name one: --provider groq:MODEL',
		`warning: mine at ${url} does not list the model "x" → use an available one: small, large`,
	]);
});

const savedBy = async (io: FakeIo): Promise<unknown> =>
	JSON.parse(await readFile(homeFile(io, 'teams/crew/config.json'), 'utf8'));

test('flags about an address are for the provider that has it, not for another lead', async () => {
	const {url, headers} = await start();
	const io = await fakeIo({GATE: 'gate-key', ANTHROPIC_API_KEY: 'k'});
	const flags = {lead: 'anthropic', provider: `openai:test-model@${url}`, keyVariable: 'GATE'};
	expect(await create({...flags, teammates: '1', header: ['X-Team: a']}, io)).toEqual([]);
	expect(await savedBy(io)).toMatchObject({
		leadProvider: {type: 'anthropic'},
		teammates: [{type: 'openai', baseUrl: url, keyVariable: 'GATE', headers: {'X-Team': 'a'}}],
	});
	expect(await savedBy(io)).not.toHaveProperty('leadProvider.keyVariable');
	expect(headers[0]).toMatchObject({authorization: 'Bearer gate-key', 'x-team': 'a'});
});

test('a key that everyone on the way can read is warned about', async () => {
	const io = await fakeIo({GATE: 'k'});
	const given = {provider: 'openai', model: 'm', baseUrl: 'http://gateway.invalid/v1'};
	expect(await create({...given, keyVariable: 'GATE'}, io)).toContain(
		'warning: the key of OpenAI is sent to http://gateway.invalid unencrypted → use an address with https://',
	);
});

test.each([{header: ['X-Team: a']}, {keyVariable: 'GATE'}, {baseUrl: 'http://127.0.0.1:1'}])(
	'%j without a provider that it is for is refused',
	async flags => {
		const io = await fakeIo();
		const given = {lead: 'demo', ...flags};
		await expect(createCommand.run({words: ['crew'], flags: given}, io)).rejects.toThrow(
			/^--[a-z-]+ applies to --provider, which is missing$/,
		);
	},
);

test('the default provider is used with its key and options, but not at another address', async () => {
	const [usual, other] = [await start(), await start()];
	const io = await fakeIo({GATE: 'gate-key'});
	const defaultProvider = {
		type: 'openai',
		model: 'test-model',
		baseUrl: usual.url,
		keyVariable: 'GATE',
		temperature: 0.1,
	};
	await writeConfig(io, {defaultProvider});
	await create({}, io);
	expect(await savedBy(io)).toMatchObject({leadProvider: defaultProvider});
	await rm(homeFile(io, 'teams/crew'), {recursive: true});
	io.out.length = 0;
	await create({baseUrl: other.url}, io);
	expect(await savedBy(io)).toMatchObject({leadProvider: {type: 'openai', baseUrl: other.url}});
	expect(JSON.stringify([await savedBy(io), other.headers])).not.toMatch(/GATE|gate-key/);
});

test('the key of a service is not sent to another address', async () => {
	const {url, headers} = await start();
	const io = await fakeIo({GROQ_API_KEY: 'groq-secret', OPENAI_API_KEY: 'openai-secret'});
	expect(await create({provider: 'groq', model: 'test-model', baseUrl: url}, io)).toEqual([]);
	expect(headers).not.toEqual([]);
	expect(JSON.stringify(headers)).not.toContain('secret');
});

test('without a provider, a service is proposed with its model only if it has no other', async () => {
	const {url} = await start({models: ['one', 'two']});
	const io = await fakeIo();
	const words = ['crew'];
	await writeConfig(io, {providers: {mine: {type: 'openai', baseUrl: url}}});
	await expect(createCommand.run({words, flags: {}}, io)).rejects.toMatchObject({
		message: 'which model of mine? It has no default',
		hint: 'name one: llm-orchestrator create crew --provider mine:MODEL',
	});
	const {url: single} = await start({models: ['only']});
	await writeConfig(io, {providers: {mine: {type: 'openai', baseUrl: single}}});
	await expect(createCommand.run({words, flags: {}}, io)).rejects.toMatchObject({
		hint: 'the best one available: llm-orchestrator create crew --provider mine --model only',
	});
});

test.each<readonly [FlagValues, RegExp]>([
	[{header: ['X-Team: a\nb']}, /^--header X-Team: a value is one line of Latin-1 characters$/],
	[{header: ['X-Team: a', 'x-team: b']}, /^--header x-team was given twice$/],
	[{header: ['Authorization: Bearer abc']}, /^--header: holds a key; put the key/],
	[{header: ['X-Any: sk-ant-abcdefghijklmnopqrstuvwx']}, /^--header: holds a key; put the key/],
	[{header: ['sk-ant-abcdefghijklmnopqrstuvwx']}, /^--header takes a name and a value$/],
	[{query: ['a=1', 'a=2']}, /^--query a was given twice$/],
	[{query: ['api_key=abc']}, /^--query: holds a key; put the key/],
	[
		{keyVariable: 'sk-abc'},
		/^--key-variable takes the name of an environment variable, not a key$/,
	],
])('%j is refused without repeating a key', async (flags, message) => {
	const io = await fakeIo();
	const given = {provider: 'openai', model: 'm', baseUrl: 'http://127.0.0.1:1', ...flags};
	await expect(createCommand.run({words: ['crew'], flags: given}, io)).rejects.toThrow(message);
});

test('an address that cannot be one is refused before anything is made', async () => {
	const io = await fakeIo();
	const flags = {provider: 'ollama', baseUrl: 'htp://x'};
	await expect(createCommand.run({words: ['crew'], flags}, io)).rejects.toThrow(
		/is not a valid base URL/,
	);
	expect(io.err).toEqual([]);
});
