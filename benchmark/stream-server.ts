import {once} from 'node:events';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import {buffer, json} from 'node:stream/consumers';
import {setTimeout as sleep} from 'node:timers/promises';
import {z} from 'zod';
import {pageAbout} from '../test/helpers/model-server/about.ts';
import {protocolOf, readRequest} from '../test/helpers/model-server/read-request.ts';
import {wireOf, type Wire} from './stream-wire.ts';

/**
 * How the server answers, selected by the name of the model.
 * - `prompt`: everything up to the first chunk of text at once, the rest `holdMs` later.
 * - `long`: `longText` characters as fast as they are read.
 * - `endless`: the same without an end.
 */
export const answers = ['prompt', 'long', 'endless'] as const;

/**
 * How long the server waits after the first chunk of a `prompt` answer, in ms: an adapter that
 * holds it back until there is more is late by that much.
 */
const holdMs = 10;

/** 64 characters, some of which JSON escapes and some of which take several bytes. */
const piece = 'The file is read, so 端口 is "ok" ✓ and we can go on.\nThen\twe met.';

/** Chunks of a `prompt` answer. */
const promptPieces = 20;

/**
 * Chunks of a `long` answer: 4 million characters, since the Responses API sends all text twice.
 */
const longPieces = 62_500;

export const longText = longPieces * piece.length;

/** A server on the loopback interface that speaks all protocols, with minimal overhead. */
export async function startStreamServer(): Promise<{
	/** Base URL for every type of provider. */
	readonly url: string;
	close(): void;
}> {
	const long = new Map<string, Buffer>();
	const server = createServer((request, response) => {
		answer(request, response, long).catch((error: unknown) => {
			response.destroy(error instanceof Error ? error : undefined);
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const {port} = z.object({port: z.number()}).parse(server.address());
	return {
		url: `http://127.0.0.1:${port}`,
		close() {
			server.close();
			server.closeAllConnections();
		},
	};
}

async function answer(
	request: IncomingMessage,
	response: ServerResponse,
	long: Map<string, Buffer>,
): Promise<void> {
	const path = request.url ?? '';
	const protocol = protocolOf(path);
	if (protocol === undefined) {
		await buffer(request);
		const about = {models: [], contextTokens: 32_768, slots: 1, parameters: 8e9, tools: true};
		const page = pageAbout(about, path) ?? {status: 404, body: {}};
		response.writeHead(page.status, {'content-type': 'application/json'});
		response.end(JSON.stringify(page.body));
		return;
	}

	const asked = readRequest(protocol, path, request.headers, bodySchema.parse(await json(request)));
	const disconnected = new Promise<void>(resolve => {
		response.once('close', resolve);
	});
	const wire = wireOf({...asked, ordinal: 0, disconnected}, piece);
	response.writeHead(200, {'content-type': wire.contentType});
	switch (z.enum(answers).parse(asked.model)) {
		case 'prompt':
			response.write(wire.head + wire.delta);
			await sleep(holdMs);
			response.end(wire.delta.repeat(promptPieces - 1) + wire.end(promptPieces));
			return;
		case 'long': {
			const body = long.get(protocol) ?? Buffer.from(bodyOf(wire, longPieces));
			long.set(protocol, body);
			response.end(body);
			return;
		}

		case 'endless':
			await sendWithoutEnd(response, wire, disconnected);
	}
}

function bodyOf({head, delta, end}: Wire, pieces: number): string {
	return head + delta.repeat(pieces) + end(pieces);
}

async function sendWithoutEnd(
	response: ServerResponse,
	{head, delta}: Wire,
	disconnected: Promise<void>,
): Promise<void> {
	const block = Buffer.from(delta.repeat(1_000));
	response.write(head);
	while (!response.destroyed) {
		if (!response.write(block)) {
			await Promise.race([once(response, 'drain'), disconnected]);
		}
	}
}

const bodySchema = z.record(z.string(), z.json());
