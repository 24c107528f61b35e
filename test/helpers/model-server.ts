import {once} from 'node:events';
import {
	createServer,
	type IncomingHttpHeaders,
	type IncomingMessage,
	type ServerResponse,
} from 'node:http';
import type {AddressInfo} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import {isJsonObject, parseJson, type Json} from '../../source/core/json.ts';
import {countingPage, pageAbout, type About} from './model-server/about.ts';
import {protocolOf, readRequest} from './model-server/read-request.ts';
import {errorBody, renderErrorEvent} from './model-server/errors.ts';
import {render} from './model-server/render.ts';
import type {Answer, ModelRequest, Reply, Script} from './model-server/reply.ts';

export {
	answerJson,
	call,
	delivered,
	httpError,
	raw,
	say,
	type ModelRequest,
	type Reply,
	type Script,
} from './model-server/reply.ts';

export type ModelServerOptions = Partial<About> & {
	/** Requests without this key get a 401. */
	readonly key?: string;
	/** Pages to answer in place of our own, by path; for servers that lack or break one. */
	readonly pages?: Readonly<
		Record<string, {readonly status: number; readonly body: Json | string}>
	>;
	/** Path that all pages are below, as behind a gateway: `/team/llm`. Default: none. */
	readonly prefix?: string;
	/** Port to listen on. Default: any free one. */
	readonly port?: number;
};

export type ModelServer = {
	/** `http://127.0.0.1:<port>`, the base URL for every type of provider. */
	readonly url: string;
	/** Requests for answers, in the order they came. */
	readonly requests: readonly ModelRequest[];
	/** Everything that was asked for, as `METHOD /path`. */
	readonly visits: readonly string[];
	/** The headers of everything that was asked for, in the same order, names in lower case. */
	readonly headers: readonly IncomingHttpHeaders[];
	close(): Promise<void>;
};

/**
 * A server on the loopback interface that speaks the protocols of Anthropic (Messages), OpenAI
 * (Responses, chat completions) and Ollama (native chat), and plays all five servers when asked about models
 * and health. The script says what the model answers, without a word about the protocol:
 *
 * 	const server = await startModelServer(({prompt, tools}) =>
 * 		prompt.includes('42') ? say('Done.') : call('read', {path: 'answer.txt'}));
 *
 * It has no dependency on the test runner, so that a process of its own can run it.
 */
export async function startModelServer(
	script: Script,
	options: ModelServerOptions = {},
): Promise<ModelServer> {
	const about: About = {
		models: ['test-model'],
		contextTokens: 32_768,
		slots: 2,
		parameters: 8e9,
		tools: true,
		...options,
	};
	const requests: ModelRequest[] = [];
	const visits: string[] = [];
	const headers: IncomingHttpHeaders[] = [];

	const server = createServer((request, response) => {
		answer(request, response).catch((error: unknown) => {
			// A script that throws is a broken test: say so where the test looks.
			sendJson(response, 500, {error: {message: `The script failed: ${String(error)}`}});
		});
	});

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const {pathname: path} = new URL(request.url ?? '/', 'http://localhost');
		visits.push(`${request.method} ${path}`);
		headers.push(request.headers);
		const {prefix = ''} = options;
		const pathname = path.startsWith(prefix) ? path.slice(prefix.length) : '';
		const body = parseJson(await textOf(request));
		const protocol = protocolOf(pathname);
		if (options.key !== undefined && !hasKey(request, options.key)) {
			sendJson(response, 401, errorBody(protocol ?? 'openai', 401, ''));
			return;
		}

		const given = options.pages?.[pathname];
		const page = given ?? countingPage(pathname, body) ?? pageAbout(about, pathname);
		if (page !== undefined) {
			sendJson(response, page.status, page.body);
			return;
		}

		if (protocol === undefined || !isJsonObject(body)) {
			sendJson(response, 404, {error: {message: `No such page: ${pathname}`}});
			return;
		}

		const asked: ModelRequest = {
			...readRequest(protocol, pathname, request.headers, body),
			ordinal: requests.length,
			disconnected: disconnection(response),
		};
		requests.push(asked);
		const isKnown = options.models === undefined || options.models.includes(asked.model);
		await send(response, asked, isKnown ? await script(asked) : {kind: 'error', status: 404});
	}

	server.listen(options.port ?? 0, '127.0.0.1');
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		requests,
		visits,
		headers,
		async close() {
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}

async function send(response: ServerResponse, request: ModelRequest, reply: Reply): Promise<void> {
	switch (reply.kind) {
		case 'answer':
			await sendAnswer(response, request, reply);
			return;
		case 'error': {
			const {status, body, headers} = reply;
			const content = body ?? errorBody(request.protocol, status, request.model);
			sendJson(response, status, content, headers);
			return;
		}

		case 'raw':
			response.writeHead(200, {'content-type': reply.contentType});
			response.end(reply.body);
	}
}

async function sendAnswer(
	response: ServerResponse,
	request: ModelRequest,
	answer: Answer,
): Promise<void> {
	const {contentType, chunks, end} = render(request, answer);
	const {delivery = {how: 'whole'}} = answer;
	if (delivery.how === 'stalled' && delivery.afterBytes === 0) {
		return;
	}

	response.writeHead(200, {'content-type': contentType});
	switch (delivery.how) {
		case 'whole':
			await write(response, [...chunks, ...end]);
			response.end();
			return;
		case 'paced':
			await writeInPace(response, chunks, delivery.everyMs);
			await write(response, end);
			response.end();
			return;
		case 'left-open':
			await write(response, [...chunks, ...end]);
			return;
		case 'bytewise':
			await write(response, oneByOne(Buffer.from([...chunks, ...end].join(''))));
			response.end();
			return;
		case 'cut':
			await write(response, chunks);
			response.end();
			return;
		case 'failed':
			await write(response, [
				...chunks,
				renderErrorEvent(request.protocol, delivery.type, delivery.message),
			]);
			response.end();
			return;
		case 'destroyed':
			await write(response, [firstBytes(chunks, delivery.afterBytes)]);
			response.socket?.destroy();
			return;
		case 'stalled':
			await write(response, [firstBytes(chunks, delivery.afterBytes)]);
	}
}

/** Keeps the pace over the whole: a chunk that came late does not delay those after it. */
async function writeInPace(
	response: ServerResponse,
	chunks: readonly string[],
	everyMs: number,
): Promise<void> {
	const begin = performance.now();
	for (const [index, chunk] of chunks.entries()) {
		const early = begin + index * everyMs - performance.now();
		if (early > 0) {
			await sleep(early);
		}

		if (response.destroyed) {
			return;
		}

		response.write(chunk);
	}
}

/** Resolves when all is with the operating system, or the client is gone. */
async function write(
	response: ServerResponse,
	chunks: Iterable<string | Uint8Array>,
): Promise<void> {
	for (const chunk of chunks) {
		if (response.destroyed) {
			return;
		}

		await new Promise<void>(resolve => {
			response.write(chunk, () => {
				resolve();
			});
		});
	}
}

function* oneByOne(bytes: Buffer): Iterable<Uint8Array> {
	for (let index = 0; index < bytes.length; index++) {
		yield bytes.subarray(index, index + 1);
	}
}

function firstBytes(chunks: readonly string[], count: number): Uint8Array {
	return Buffer.from(chunks.join('')).subarray(0, count);
}

function sendJson(
	response: ServerResponse,
	status: number,
	body: Json,
	headers: Readonly<Record<string, string>> = {},
): void {
	const isText = typeof body === 'string';
	const contentType = isText ? 'text/html' : 'application/json';
	response.writeHead(status, {'content-type': contentType, ...headers});
	response.end(isText ? body : JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
	const chunks: Uint8Array[] = [];
	for await (const chunk of request) {
		chunks.push(chunk as Uint8Array);
	}

	return Buffer.concat(chunks).toString('utf8');
}

function hasKey({headers}: IncomingMessage, key: string): boolean {
	return headers.authorization === `Bearer ${key}` || headers['x-api-key'] === key;
}

async function disconnection(response: ServerResponse): Promise<void> {
	return new Promise(resolve => {
		response.once('close', () => {
			if (!response.writableFinished) {
				resolve();
			}
		});
	});
}
