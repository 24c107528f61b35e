import {describe, expect, onTestFinished, test} from 'vitest';
import {
	bestProvider,
	findProviders,
	type DiscoverOptions,
} from '../../../source/providers/discovery/discover.ts';
import type {NamedProvider, NamedProviders} from '../../../source/core/provider-presets.ts';
import {createFetch, type Fetch} from '../../../source/providers/transport/fetch.ts';
import type {
	FoundModel,
	FoundProvider,
} from '../../../source/providers/discovery/found-provider.ts';
import {say, startModelServer, type ModelServerOptions} from '../../helpers/model-server.ts';
import {startPlainServer} from '../local/local-provider.ts';

/** Sends what would go to a usual port to another address; everywhere else nobody listens. */
function rerouted(addresses: Readonly<Record<number, string>>): Fetch {
	const fetch = createFetch();
	return async (input, init) => {
		const url = new URL(input instanceof Request ? input.url : input);
		const target = addresses[Number(url.port)] ?? url.origin;
		return fetch(target + url.pathname + url.search, init);
	};
}

const ports = {ollama: 11_434, lmstudio: 1234, 'llama-server': 8080} as const;

const find = async (
	type: FoundProvider['type'],
	environment: Readonly<Record<string, string>>,
	options: DiscoverOptions,
) => {
	const found = await findProviders(environment, options);
	return found.find(provider => provider.type === type);
};

const start = async (options: ModelServerOptions = {}) => {
	const server = await startModelServer(() => say('Never.'), options);
	onTestFinished(async () => server.close());
	return server;
};

const hanging = async () => startPlainServer(() => {});

test('finds keys without calling the vendor', async () => {
	const asked: string[] = [];
	const fetch: Fetch = async input => {
		asked.push(input instanceof Request ? input.url : String(input));
		throw new TypeError('fetch failed');
	};
	const found = await findProviders({ANTHROPIC_API_KEY: 'key'}, {fetch});
	expect(found).toMatchObject([
		{type: 'anthropic', state: 'key', detail: 'ANTHROPIC_API_KEY is set'},
		{type: 'openai', state: 'no-key', hint: 'export OPENAI_API_KEY=<your key>'},
		{type: 'ollama', state: 'down'},
		{type: 'lmstudio', state: 'down'},
		{type: 'llama-server', state: 'down'},
	]);
	expect(found[0]).not.toHaveProperty('hint');
	expect(asked.join(' ')).not.toMatch(/anthropic|openai/);
});

test('says for every server that is not there how to start it', async () => {
	const gone = await start();
	await gone.close();
	const addresses = Object.fromEntries(Object.values(ports).map(port => [port, gone.url]));
	const found = await findProviders({}, {fetch: rerouted(addresses)});
	expect(found.slice(2)).toMatchObject([
		{type: 'ollama', state: 'down', hint: 'run: ollama serve'},
		{type: 'lmstudio', state: 'down', hint: 'run: lms server start'},
		{type: 'llama-server', state: 'down', hint: expect.stringContaining('run: llama-server')},
	]);
});

test.each(['lmstudio', 'llama-server', 'ollama'] as const)(
	'finds %s on its usual port, with its models and what they can do',
	async type => {
		const {url} = await start({models: ['first', 'second'], contextTokens: 8192});
		const fetch = rerouted({[ports[type]]: url});
		expect(await find(type, {}, {fetch})).toMatchObject({
			state: 'up',
			models: ['first', 'second'],
			details: [
				{id: 'first', loaded: true, tools: 'native', contextTokens: 8192},
				{id: 'second', tools: 'native'},
			],
		});
	},
);

test('finds Ollama where OLLAMA_HOST says, and a compatible server where OPENAI_BASE_URL says', async () => {
	const {url} = await start({models: ['one']});
	const environment = {OLLAMA_HOST: url.replace('http://', ''), OPENAI_BASE_URL: `${url}/v1`};
	const found = await findProviders(environment);
	expect(found).toContainEqual(expect.objectContaining({type: 'ollama', models: ['one']}));
	expect(found).toContainEqual(
		expect.objectContaining({type: 'openai', state: 'up', models: ['one']}),
	);
});

test('servers that never answer are waited for at the same time, and less than a second', async () => {
	const url = await hanging();
	const addresses = Object.fromEntries(Object.values(ports).map(port => [port, url]));
	const patient = rerouted(addresses);
	const waiting = {now: 0, most: 0};
	const fetch: Fetch = async (...request) => {
		waiting.most = Math.max(waiting.most, ++waiting.now);
		return patient(...request).finally(() => waiting.now--);
	};
	const found = await findProviders({OPENAI_BASE_URL: url}, {fetch});
	expect(waiting.most).toBeGreaterThanOrEqual(4);
	expect(found.slice(1)).toMatchObject(
		['openai', 'ollama', 'lmstudio', 'llama-server'].map(type => ({
			type,
			state: 'down',
			detail: expect.stringContaining('no answer within 900 ms'),
		})),
	);
});

test('a server that hangs hides no other', async () => {
	const {url} = await start();
	const fetch = rerouted({1234: await hanging(), 8080: url});
	const found = await findProviders({}, {fetch, patienceMs: 300});
	expect(found).toContainEqual(expect.objectContaining({type: 'lmstudio', state: 'down'}));
	expect(found).toContainEqual(expect.objectContaining({type: 'llama-server', state: 'up'}));
});

test('models of which nothing is told in time are there all the same', async () => {
	const answers: Readonly<Record<string, object>> = {
		'/api/version': {version: '1'},
		'/api/tags': {models: [{name: 'slow'}]},
		'/api/ps': {models: []},
	};
	const url = await startPlainServer(({url: path = ''}, response) => {
		if (answers[path]) {
			response.setHeader('content-type', 'application/json');
			response.end(JSON.stringify(answers[path]));
		}
	});
	expect(await find('ollama', {OLLAMA_HOST: url}, {patienceMs: 3_000})).toMatchObject({
		state: 'up',
		details: [{id: 'slow', tools: 'unknown', contextTokens: null}],
	});
});

describe('services with a name', () => {
	const at = (baseUrl: string, more: Partial<NamedProvider> = {}): NamedProvider => ({
		type: 'openai',
		baseUrl,
		keyVariable: 'MINE_KEY',
		isConfigured: true,
		...more,
	});
	const lookFor = async (
		services: NamedProviders,
		environment: Readonly<Record<string, string>>,
		options: DiscoverOptions = {},
	) => (await findProviders(environment, {services, ...options})).slice(5);

	test('are asked for their models once, each with its own key', async () => {
		const [one, two] = [await start({models: ['a', 'b']}), await start({models: ['c']})];
		const environment = {ONE_KEY: 'first', TWO_KEY: 'second'};
		const services = {
			one: at(one.url, {keyVariable: 'ONE_KEY', isConfigured: false}),
			two: at(two.url, {keyVariable: 'TWO_KEY'}),
		};
		expect(await lookFor(services, environment, {fetch: createFetch()})).toMatchObject([
			{service: 'one', state: 'up', detail: 'key from ONE_KEY, 2 models', models: ['a', 'b']},
			{service: 'two', state: 'up', detail: 'key from TWO_KEY, 1 model', models: ['c']},
		]);
		expect([one.visits, two.visits]).toEqual([['GET /v1/models'], ['GET /v1/models']]);
		expect(one.headers[0]?.authorization).toBe('Bearer first');
		expect(two.headers[0]?.authorization).toBe('Bearer second');
	});

	test('are not looked for without their key, unless the person configured them', async () => {
		const {url, visits} = await start();
		const services = {
			preset: at(url, {isConfigured: false}),
			own: at(url),
			open: at(url, {keyVariable: undefined}),
		};
		expect(await lookFor(services, {MINE_KEY: ' '})).toMatchObject([
			{service: 'own', state: 'no-key', hint: 'export MINE_KEY=<your key>'},
			{service: 'open', state: 'up', detail: `answers at ${url}, 1 model`},
		]);
		expect(visits).toHaveLength(1);
	});

	test('say what is wrong, and what to do', async () => {
		const {url} = await start({key: 'right'});
		const services = {wrong: at(url), azure: at('', {baseUrl: undefined})};
		expect(await lookFor(services, {MINE_KEY: 'wrong'})).toMatchObject([
			{service: 'wrong', state: 'unauthorized', hint: 'check MINE_KEY'},
			{service: 'azure', state: 'down', hint: expect.stringMatching(/^set baseUrl in config/)},
		]);
	});

	test('with another server at their address say what it sent, and where the address is set', async () => {
		const page = await startPlainServer((_, response) => {
			response.writeHead(200, {'content-type': 'text/html'}).end('<html>Sign in</html>');
		});
		const moved = await startPlainServer((_, response) => {
			response.writeHead(302, {location: 'https://new.example/v1/models'}).end();
		});
		const found = await lookFor({page: at(page), moved: at(moved)}, {MINE_KEY: 'k'});
		expect(found.map(({state, detail}) => [state, detail])).toEqual([
			[
				'down',
				`page at ${page} is not an OpenAI server (status 200): it sent an HTML page → check the base URL (from the settings of page)`,
			],
			[
				'down',
				`moved at ${moved} is not an OpenAI server (status 302): it redirects to https://new.example → if you trust it, use https://new.example as the base URL`,
			],
		]);
	});

	test('that never answer are waited for together, each in one line', async () => {
		const url = await hanging();
		const names = Array.from({length: 10}, (_, index) => `s${index}`);
		const services = Object.fromEntries(names.map(name => [name, at(url)]));
		const asked: string[] = [];
		const fetch: Fetch = async (...request) => {
			asked.push(new Request(...request).url);
			return createFetch()(...request);
		};
		const found = await lookFor(services, {MINE_KEY: 'k'}, {fetch, patienceMs: 300});
		expect(found.map(({detail}) => detail)).toEqual(
			names.map(() => expect.stringMatching(/^no answer within 300 ms → start the server, or/)),
		);
		expect(asked.filter(address => address.startsWith(url))).toHaveLength(10);
	});

	test('of Azure are not asked: the list of its models is not that of its deployments', async () => {
		const fetch: Fetch = async () => {
			throw new TypeError('fetch failed');
		};
		const services = {azure: at('https://mine.services.ai.azure.com')};
		expect(await lookFor(services, {MINE_KEY: 'k'}, {fetch})).toMatchObject([
			{service: 'azure', state: 'key', detail: 'MINE_KEY is set'},
		]);
	});
});

describe('what is at the address but cannot be used', () => {
	const loading = {error: {message: 'Loading model', type: 'unavailable_error', code: 503}};

	test.each<[string, FoundProvider['type'], ModelServerOptions, string, RegExp, RegExp]>([
		[
			'loads its model',
			'llama-server',
			{pages: {'/health': {status: 503, body: loading}}},
			'loading',
			/is loading a model/,
			/try again/,
		],
		['wants a key', 'llama-server', {key: 'secret'}, 'unauthorized', /401/, /LLAMA_API_KEY/],
		[
			'is another program with a page',
			'llama-server',
			{
				pages: {
					'/health': {status: 200, body: '<html>Hello'},
					'/v1/models': {status: 200, body: '<html>Hello'},
				},
			},
			'down',
			/is not (llama-server|Ollama)/,
			/run: llama-server/,
		],
		[
			'is another program with JSON',
			'ollama',
			{
				pages: {
					'/api/version': {status: 200, body: {hello: 'there'}},
					'/api/tags': {status: 200, body: []},
				},
			},
			'down',
			/is not (llama-server|Ollama)/,
			/run: ollama serve/,
		],
		['has no model', 'ollama', {models: []}, 'up', /with no model/, /^run: ollama pull/],
		[
			'has none that can call tools',
			'ollama',
			{tools: false},
			'up',
			/no model that can call tools/,
			/^run: ollama pull/,
		],
	])('%s', async (_, type, options, state, detail, hint) => {
		const {url} = await start(options);
		expect(
			await find(type, {}, {fetch: rerouted({[ports[type as keyof typeof ports]]: url})}),
		).toMatchObject({
			state,
			detail: expect.stringMatching(detail),
			hint: expect.stringMatching(hint),
		});
	});

	test('is an address that is none', async () => {
		const found = await findProviders({OPENAI_BASE_URL: 'ftp://host'}, {fetch: rerouted({})});
		expect(found[1]).toMatchObject({state: 'down', hint: expect.stringContaining('address')});
	});
});

describe('the best provider', () => {
	const model = (id: string, fields: Partial<FoundModel> = {}): FoundModel => ({
		id,
		loaded: false,
		tools: 'native',
		contextTokens: 32_768,
		...fields,
	});
	const at = (type: FoundProvider['type'], ...details: readonly FoundModel[]): FoundProvider => ({
		type,
		state: 'up',
		detail: '',
		models: details.map(({id}) => id),
		details,
	});
	const key = (type: FoundProvider['type']): FoundProvider => ({...at(type), state: 'key'});
	const loaded = {loaded: true};

	test.each<[string, readonly FoundProvider[], object | undefined]>([
		[
			'is what somebody has loaded',
			[key('anthropic'), at('ollama', model('a'), model('b', loaded))],
			{type: 'ollama', model: 'b'},
		],
		[
			'is a vendor with a key before what would have to be loaded',
			[at('ollama', model('a')), key('openai')],
			{type: 'openai'},
		],
		[
			'is a vendor before a loaded model that cannot call tools',
			[key('anthropic'), at('ollama', model('a', {...loaded, tools: 'none'}))],
			{type: 'anthropic'},
		],
		[
			'is a vendor before a loaded model without room for an agent',
			[key('anthropic'), at('llama-server', model('a', {...loaded, contextTokens: 4096}))],
			{type: 'anthropic'},
		],
		[
			'is a model that can be loaded and call tools',
			[at('lmstudio', model('a', {tools: 'unknown'})), at('ollama', model('b'))],
			{type: 'ollama', model: 'b'},
		],
		[
			'is a model that may be able to',
			[at('ollama', model('a', {tools: 'none'})), at('openai', model('b', {tools: 'unknown'}))],
			{type: 'openai', model: 'b'},
		],
		[
			'is a model without room, when there is nothing else',
			[at('llama-server', model('a', {...loaded, contextTokens: 4096}))],
			{type: 'llama-server', model: 'a'},
		],
		[
			'is none when no model can call tools',
			[at('ollama', model('a', {tools: 'none'}))],
			undefined,
		],
		[
			'is not a model that nobody chose of a service that has many',
			[{...at('openai', model('a'), model('b')), service: 'groq'}],
			undefined,
		],
		[
			'is the only model of a service',
			[{...at('openai', model('a', {tools: 'unknown'})), service: 'mine'}],
			{type: 'mine', model: 'a'},
		],
		[
			'is not a service whose models are not known',
			[{...key('openai'), service: 'azure'}],
			undefined,
		],
		['is none when nothing is up', [{...at('ollama', model('a')), state: 'down'}], undefined],
		['is none when nothing is there', [], undefined],
	])('%s', (_, found, best) => {
		expect(bestProvider(found)).toEqual(best);
	});
});
