import {once} from 'node:events';
import {createServer, request as httpRequest, type RequestListener} from 'node:http';
import type {AddressInfo} from 'node:net';
import {expect, onTestFinished, test} from 'vitest';
import {settingsFromEnvironment} from '../../../source/providers/defaults.ts';
import {createOpenAiProvider} from '../../../source/providers/openai/adapter.ts';
import {createFetch} from '../../../source/providers/transport/fetch.ts';
import {proxyFor} from '../../../source/providers/transport/proxy.ts';
import {say, startModelServer} from '../../helpers/model-server.ts';
import {request} from '../conformance/requests.ts';
import {ask, failureOf} from '../conformance/streams.ts';

type Environment = Readonly<Record<string, string>>;

const proxy = 'http://proxy.example:3128';
const both = {HTTP_PROXY: proxy, HTTPS_PROXY: proxy};

test.each<readonly [address: string, environment: Environment, from: string | undefined]>([
	['https://api.openai.com', {HTTPS_PROXY: proxy}, 'HTTPS_PROXY'],
	['https://api.openai.com', {https_proxy: proxy, HTTPS_PROXY: 'http://other'}, 'https_proxy'],
	['https://api.openai.com', {HTTP_PROXY: proxy}, 'HTTP_PROXY'],
	['http://models.example', {HTTPS_PROXY: proxy}, undefined],
	['http://models.example', {ALL_PROXY: proxy}, 'ALL_PROXY'],
	['http://models.example', {HTTP_PROXY: ''}, undefined],
	['http://127.0.0.1:11434', both, undefined],
	['http://localhost:11434', both, undefined],
	['http://[::1]:8080', both, undefined],
	['http://models.example', {...both, NO_PROXY: '*'}, undefined],
	['http://models.example', {...both, NO_PROXY: 'a.example, models.example'}, undefined],
	['http://gpu.models.example', {...both, NO_PROXY: '.models.example'}, undefined],
	['http://gpu.models.example', {...both, no_proxy: '*.models.example'}, undefined],
	['http://models.example:8000', {...both, NO_PROXY: 'models.example:8000'}, undefined],
	['http://models.example:8001', {...both, NO_PROXY: 'models.example:8000'}, 'HTTP_PROXY'],
	['http://notmodels.example', {...both, NO_PROXY: 'models.example'}, 'HTTP_PROXY'],
	['http://10.1.2.3:8000', {...both, NO_PROXY: '10.0.0.0/8'}, undefined],
	['http://11.1.2.3:8000', {...both, NO_PROXY: '10.0.0.0/8'}, 'HTTP_PROXY'],
	['http://[fd00::1]:8000', {...both, NO_PROXY: 'fd00::/8'}, undefined],
])('%s with %j goes through the proxy of %s', (address, environment, from) => {
	expect(proxyFor(address, environment)?.from).toBe(from);
});

test('user and password of a proxy are never shown', () => {
	const found = proxyFor('https://a.example', {HTTPS_PROXY: 'http://me:secret@proxy.example:3128'});
	expect(found).toMatchObject({shown: 'http://proxy.example:3128'});
	expect(() => proxyFor('https://a.example', {HTTPS_PROXY: 'ftp://me:secret@proxy'})).toThrow(
		expect.objectContaining({
			message: expect.not.stringContaining('secret'),
			hint: expect.stringContaining('HTTPS_PROXY'),
		}),
	);
});

/** A proxy on this machine; what it was asked, as `METHOD target`. */
async function startProxy(answer: RequestListener, connectStatus = 502) {
	const asked: {readonly what: string; readonly authorization: string | undefined}[] = [];
	const server = createServer((incoming, response) => {
		const {method, url, headers} = incoming;
		asked.push({what: `${method} ${url}`, authorization: headers['proxy-authorization']});
		answer(incoming, response);
	});
	server.on('connect', ({url, headers}, socket) => {
		asked.push({what: `CONNECT ${url}`, authorization: headers['proxy-authorization']});
		socket.end(`HTTP/1.1 ${connectStatus} No\r\n\r\n`);
	});
	onTestFinished(() => {
		server.close();
		server.closeAllConnections();
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;
	return {url: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, asked};
}

function connect(baseUrl: string, environment: Environment) {
	const settings = settingsFromEnvironment('openai', environment, {baseUrl});
	return createOpenAiProvider(settings, {fetch: createFetch(environment)});
}

test('requests go through the proxy, with its password, and answers stream back', async () => {
	const models = await startModelServer(() => say('Hello.'));
	onTestFinished(async () => models.close());
	const {host, asked} = await startProxy((incoming, response) => {
		const {pathname} = new URL(incoming.url ?? '');
		const {method, headers} = incoming;
		incoming.pipe(
			httpRequest(models.url + pathname, {method, headers}, answer => {
				response.writeHead(answer.statusCode ?? 500, answer.headers);
				answer.pipe(response);
			}),
		);
	});
	const provider = connect('http://models.example', {http_proxy: `http://me:p%40ss@${host}`});
	expect((await ask(provider, request())).message.parts).toEqual([{kind: 'text', text: 'Hello.'}]);
	expect(asked).toEqual([
		{
			what: 'POST http://models.example/v1/chat/completions',
			authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}`,
		},
	]);
});

test.each([
	[407, 'auth', /user and password of the proxy into HTTPS_PROXY/],
	[403, 'server-down', /check the proxy .* or add models\.example to NO_PROXY/],
])('a proxy that answers %d is named, with what to do', async (status, kind, hint) => {
	const {url, host, asked} = await startProxy(() => undefined, status);
	const provider = connect('https://models.example', {HTTPS_PROXY: url});
	const failure = await failureOf(provider, request());
	expect(failure).toMatchObject({kind, hint: expect.stringMatching(hint)});
	expect(failure.message).toContain(`through the proxy http://${host} (from HTTPS_PROXY)`);
	expect(asked).toMatchObject([{what: 'CONNECT models.example:443'}]);
});

test('a proxy that is not there is named', async () => {
	const provider = connect('https://models.example', {HTTPS_PROXY: 'http://127.0.0.1:9'});
	expect((await failureOf(provider, request())).message).toContain(
		'through the proxy http://127.0.0.1:9 (from HTTPS_PROXY)',
	);
});
