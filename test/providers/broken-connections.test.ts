import type {Socket} from 'node:net';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {Agent, fetch as fetchOver} from 'undici';
import {createFetch, type Fetch} from '../../source/providers/transport/fetch.ts';
import {startBrokenServer, type BrokenServer} from '../helpers/model-server/broken.ts';
import {say, startModelServer, type ModelServer} from '../helpers/model-server.ts';
import {capturePrints, type Prints} from '../helpers/model-server/prints.ts';
import {adapters, connectTo, type Adapter} from './conformance/adapters.ts';
import {isAnswerPath, recorded, responseOf} from './conformance/recordings.ts';
import {request} from './conformance/requests.ts';
import {collect, failureOf, finished} from './conformance/streams.ts';
import {patienceMs} from '../helpers/patience.ts';

let broken: BrokenServer | undefined;
let server: ModelServer | undefined;
let prints: Prints;

beforeEach(() => {
	prints = capturePrints();
});

afterEach(async () => {
	await broken?.close();
	await server?.close();
	broken = undefined;
	server = undefined;
	prints.stopSilent();
});

const contentType = (adapter: Adapter) =>
	adapter === 'ollama' ? 'application/x-ndjson' : 'text/event-stream';
const head = (adapter: Adapter) =>
	`HTTP/1.1 200 OK\r\ncontent-type: ${contentType(adapter)}\r\ntransfer-encoding: chunked\r\n\r\n`;

/**
 * Only the request for an answer meets the broken server: some adapters ask about the model before,
 * and a whole server tells them.
 */
async function failsWith(adapter: Adapter, answer: (socket: Socket) => void, silence = {}) {
	server = await startModelServer(() => say('Never.'));
	broken = await startBrokenServer(answer);
	const [whole, cut] = [server.url, broken.url];
	const http = createFetch();
	const fetch: Fetch = async (input, init) => {
		const {pathname} = new URL(input instanceof Request ? input.url : input);
		return http((isAnswerPath(pathname) ? cut : whole) + pathname, init);
	};
	return failureOf(connectTo(adapter, whole, {fetch}), request(), silence);
}

describe.each(adapters)('%s', adapter => {
	test('a connection that is dropped before the headers may come back', async () => {
		const error = await failsWith(adapter, socket => socket.destroy());
		expect(error).toMatchObject({kind: 'transient', partial: ''});
		expect(broken?.connections()).toBe(1);
	});

	test('a connection that is closed in order before the headers may come back', async () => {
		expect(await failsWith(adapter, socket => socket.end())).toMatchObject({kind: 'transient'});
	});

	test('what is no HTTP at all may pass', async () => {
		const error = await failsWith(adapter, socket => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
		expect(error).toMatchObject({kind: 'transient'});
	});

	test('silence before the headers is a stall', async () => {
		const error = await failsWith(adapter, () => {}, {firstByteMs: 40, idleMs: 40});
		expect(error).toMatchObject({kind: 'stalled', partial: ''});
	});

	test('an error status counts, also when the body behind it never ends', async () => {
		const error = await failsWith(
			adapter,
			socket => {
				socket.write('HTTP/1.1 401 No\r\ncontent-length: 100\r\n\r\nNo');
			},
			{firstByteMs: patienceMs, idleMs: 40},
		);
		expect(error).toMatchObject({kind: 'auth', status: 401});
	});

	test('signs of life alone are no answer', async () => {
		const error = await failsWith(
			adapter,
			socket => {
				socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n');
				const timer = setInterval(() => socket.write('\n: ping\n\n'), 5);
				socket.on('close', () => {
					clearInterval(timer);
				});
			},
			{firstByteMs: patienceMs, idleMs: patienceMs, noContentMs: 60},
		);
		expect(error).toMatchObject({kind: expect.stringMatching(/stalled|transient/)});
	});

	test('a body that is shorter than it was to be is cut', async () => {
		const {bytes} = await recorded(adapter);
		const half = bytes.subarray(0, bytes.length / 2);
		const error = await failsWith(adapter, socket => {
			const length = `content-length: ${bytes.length}`;
			socket.write(`HTTP/1.1 200 OK\r\ncontent-type: ${contentType(adapter)}\r\n${length}\r\n\r\n`);
			socket.end(half);
		});
		expect(error).toMatchObject({kind: 'stream-truncated'});
	});

	test('a connection that ends in the middle of a chunk is cut', async () => {
		const {bytes} = await recorded(adapter);
		const error = await failsWith(adapter, socket => {
			socket.write(head(adapter));
			socket.write(`${bytes.length.toString(16)}\r\n`);
			socket.end(bytes.subarray(0, bytes.length / 2));
		});
		expect(error).toMatchObject({kind: 'stream-truncated'});
	});

	test('a server that sends a byte a second is heard to its end', async () => {
		const {bytes, answer} = await recorded(adapter);
		expect(await drip(adapter, bytes, {everyMs: 1000, idleMs: 1500})).toEqual(answer);
	});

	test('but not one that takes longer for a byte than it may', async () => {
		const {bytes} = await recorded(adapter);
		const failing = drip(adapter, bytes, {everyMs: 1000, idleMs: 900});
		await expect(failing).rejects.toMatchObject({kind: 'stalled'});
	});
});

/** The answer that comes one byte at a time, on a clock that is turned by the body itself. */
async function drip(
	adapter: Adapter,
	bytes: Uint8Array,
	{everyMs, idleMs}: {readonly everyMs: number; readonly idleMs: number},
) {
	vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
	try {
		let index = 0;
		const body = new ReadableStream<Uint8Array>(
			{
				pull(controller) {
					vi.advanceTimersByTime(everyMs);
					if (index === bytes.length) {
						controller.close();
					} else {
						controller.enqueue(bytes.subarray(index, ++index));
					}
				},
			},
			{highWaterMark: 0},
		);
		const provider = connectTo(adapter, 'http://server', {fetch: responseOf(adapter, body)});
		return finished(await collect(provider, request(), {idleMs}));
	} finally {
		vi.useRealTimers();
	}
}

test('a host that nobody knows is down, with a hint about its name', async () => {
	const dispatcher = new Agent({
		connect: {
			lookup: (host, _, found) => {
				found(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), {code: 'ENOTFOUND'}), []);
			},
		},
	});
	const fetch = (async (input: string, init: object) =>
		fetchOver(input, {...init, dispatcher})) as unknown as Fetch;
	for (const adapter of adapters) {
		const error = await failureOf(connectTo(adapter, 'http://nowhere:8080', {fetch}), request());
		expect(error).toMatchObject({kind: 'server-down', hint: expect.stringContaining('base URL')});
	}
});

test('https to a server without it is a matter of settings', async () => {
	server = await startModelServer(() => say('Never.'));
	for (const adapter of adapters) {
		const provider = connectTo(adapter, server.url.replace('http:', 'https:'));
		expect(await failureOf(provider, request())).toMatchObject({
			kind: 'server-down',
			hint: expect.stringContaining('http or https'),
		});
	}
});

test('a port that no client speaks to is a matter of settings', async () => {
	for (const adapter of adapters.filter(name => name !== 'openai')) {
		expect(await failureOf(connectTo(adapter, 'http://127.0.0.1:6666'), request())).toMatchObject({
			kind: 'server-down',
			hint: expect.stringContaining('port'),
		});
	}
});
