import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Fetch} from '../../source/providers/transport/fetch.ts';
import type {StreamEvent} from '../../source/providers/provider.ts';
import {httpError, startModelServer} from '../helpers/model-server.ts';
import {data, event, line} from '../helpers/model-server/frames.ts';
import {capturePrints, type Prints} from '../helpers/model-server/prints.ts';
import {adapters, connectTo} from './conformance/adapters.ts';
import {responseOf} from './conformance/recordings.ts';
import {request} from './conformance/requests.ts';
import {limits} from './conformance/streams.ts';
import {patienceMs} from '../helpers/patience.ts';

const protocols = ['anthropic', 'openai', 'compatible', 'ollama'] as const;
type Protocol = (typeof protocols)[number];

let prints: Prints;
beforeAll(() => {
	prints = capturePrints();
});
afterAll(() => {
	prints.stopSilent();
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const mebi = 1024 ** 2;
const large = 100 * mebi;
const piece = 'word '.repeat(16_384);
const pad = 'x'.repeat(1000);

/** Events of each protocol that carry a piece of an answer. */
const wire: Readonly<
	Record<Protocol, Readonly<Record<'text' | 'thinking' | 'arguments' | 'call' | 'idle', string>>>
> = {
	anthropic: {
		text: delta(0, {type: 'text_delta', text: piece}),
		thinking: delta(0, {type: 'thinking_delta', thinking: piece}),
		arguments: delta(0, {type: 'input_json_delta', partial_json: piece}),
		call: event('content_block_start', {
			type: 'content_block_start',
			index: 0,
			content_block: {type: 'tool_use', id: 'a', name: 'read', input: {}},
		}),
		idle: event('ping', {type: 'ping', pad}),
	},
	openai: {
		text: named('response.output_text.delta', {output_index: 0, delta: piece}),
		thinking: named('response.reasoning_summary_text.delta', {output_index: 0, delta: piece}),
		arguments: named('response.function_call_arguments.delta', {output_index: 0, delta: piece}),
		call: named('response.output_item.added', {
			output_index: 0,
			item: {type: 'function_call', call_id: 'a', name: 'read', arguments: ''},
		}),
		idle: named('response.in_progress', {response: {}, pad}),
	},
	compatible: {
		text: choice({content: piece}),
		thinking: choice({reasoning_content: piece}),
		arguments: choice({tool_calls: [{index: 0, function: {arguments: piece}}]}),
		call: choice({tool_calls: [{id: 'a', function: {name: 'read', arguments: '{}'}}]}),
		idle: `: ${pad}\n\n`,
	},
	ollama: {
		text: message({content: piece}),
		thinking: message({thinking: piece}),
		arguments: message({
			tool_calls: [{function: {name: 'read', arguments: {path: piece.repeat(4)}}}],
		}),
		call: message({tool_calls: [{function: {name: 'read', arguments: {}}}]}),
		idle: line({message: {content: ''}, done: false, pad}),
	},
};

describe.each(protocols)('%s', protocol => {
	const {text, thinking, arguments: argumentsOfCall, call, idle} = wire[protocol];
	const start =
		protocol === 'anthropic'
			? event('content_block_start', {
					type: 'content_block_start',
					index: 0,
					content_block: {type: 'text', text: ''},
				})
			: '';

	test.each([
		['text', text],
		['thoughts', thinking],
		['arguments', argumentsOfCall],
	])(
		'100 MB of %s end in a clear failure long before, and stay out of memory',
		async (_, chunk) => {
			const body = endless(chunk, large, start);
			const {error} = await watchStream(protocol, body.stream);
			expect(error).toMatchObject({kind: 'output-cut', message: expect.stringMatching(/8388608/)});
			expect(body.sent()).toBeLessThan(20 * mebi);
			expect(body.held()).toBeLessThan(32 * mebi);
		},
	);

	test('10,000 calls in one answer end it after the first 64', async () => {
		const body = endless(call, call.length * 10_000);
		const {error, events} = await watchStream(protocol, body.stream);
		expect(error).toMatchObject({kind: 'bad-call', message: expect.stringMatching(/64/)});
		expect(events.filter(({type}) => type === 'tool-call-started')).toHaveLength(64);
	});

	test('100 MB of nothing to be kept leave no trace', async () => {
		const body = endless(idle.repeat(64), large);
		const {error} = await watchStream(protocol, body.stream);
		expect(error).toMatchObject({kind: 'stream-truncated'});
		expect(body.sent()).toBeGreaterThanOrEqual(large);
		expect(body.held()).toBeLessThan(8 * mebi);
	});

	test('a line without an end ends the stream', async () => {
		const body = endless(piece, large, protocol === 'ollama' ? '{"a":"' : 'data: "');
		const {error} = await watchStream(protocol, body.stream);
		expect(error).toMatchObject({kind: 'output-cut', message: expect.stringMatching(/16777216/)});
		expect(body.sent()).toBeLessThan(20 * mebi);
		expect(body.held()).toBeLessThan(32 * mebi);
	});

	test('a line in many small pieces takes no longer than in one', async () => {
		const size = 2 * mebi;
		const long =
			protocol === 'ollama' ? `{"a":"${'x'.repeat(size)}"}\n` : `: ${'x'.repeat(size)}\n`;
		const bytes = new TextEncoder().encode(long);
		let index = 0;
		const stream = new ReadableStream<Uint8Array>({
			pull(controller) {
				if (index >= bytes.length) {
					controller.close();
				} else {
					controller.enqueue(bytes.subarray(index, (index += 8)));
				}
			},
		});
		// A quarter of a million pieces, each looked at once; from the start each time would take minutes.
		const {error} = await watchStream(protocol, stream);
		expect(error?.kind).toMatch(/stream-truncated|transient/);
	});

	test('what is nested without end is no answer', async () => {
		const deep = `{"type":"x","done":false,"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
		const stream = bytesOf(protocol === 'ollama' ? `${deep}\n` : `data: ${deep}\n\n`);
		expect((await watchStream(protocol, stream)).error).toMatchObject({kind: 'transient'});
	});
});

test('data of an event that is never closed ends the stream', async () => {
	const body = endless(`data: ${piece}\n`, large);
	expect((await watchStream('compatible', body.stream)).error).toMatchObject({kind: 'output-cut'});
	expect(body.sent()).toBeLessThan(20 * mebi);
});

test('blocks by the thousand end an answer, and a far-off index costs nothing', async () => {
	const block = (index: number) =>
		event('content_block_start', {
			type: 'content_block_start',
			index,
			content_block: {type: 'text', text: 'x'},
		});
	const many = Array.from({length: 2000}, (_, index) => block(index)).join('');
	expect((await watchStream('anthropic', bytesOf(many))).error).toMatchObject({kind: 'output-cut'});
	const far = block(2 ** 40) + block(1) + event('message_stop', {type: 'message_stop'});
	expect((await watchStream('anthropic', bytesOf(far))).error).toBeUndefined();
	const items = Array.from({length: 2000}, (_, output_index) =>
		named('response.output_item.added', {output_index, item: {type: 'message'}}),
	);
	expect((await watchStream('openai', bytesOf(items.join('')))).error).toMatchObject({
		kind: 'output-cut',
	});
});

test.each(adapters)('%s: an error page of 100 MB is read to its first 64 KiB', async adapter => {
	for (const status of [500, 200]) {
		const bodies: Endless[] = [];
		const fetch: Fetch = async () => {
			const body = endless(piece, large, '<html>');
			bodies.push(body);
			return new Response(body.stream, {status, headers: {'content-type': 'text/html'}});
		};
		const provider = connectTo(adapter, 'http://server:80', {fetch});
		await expect(provider.models({signal: AbortSignal.timeout(patienceMs)})).rejects.toMatchObject({
			kind: status === 500 ? 'transient' : 'server-down',
		});
		expect(bodies.length).toBeGreaterThan(0);
		expect(bodies.every(body => body.sent() < mebi)).toBe(true);
	}
});

test.each(adapters)('%s: a list of models without an end is none', async adapter => {
	const bodies: Endless[] = [];
	const fetch: Fetch = async () => {
		const body = endless(piece, large, '{"data": [{"id": "');
		bodies.push(body);
		return new Response(body.stream, {headers: {'content-type': 'application/json'}});
	};
	const provider = connectTo(adapter, 'http://server:80', {fetch});
	await expect(provider.models({signal: AbortSignal.timeout(patienceMs)})).rejects.toMatchObject({
		kind: 'transient',
	});
	expect(bodies[0]?.sent()).toBeLessThan(20 * mebi);
});

test('an error of a server is shown on one short line', async () => {
	const server = await startModelServer(() => httpError(500, {error: {message: piece}}));
	const provider = connectTo('compatible', server.url);
	const {error} = await watchStream('compatible', undefined, provider);
	expect(error?.message.length).toBeLessThan(800);
	await server.close();
});

type Endless = {
	readonly stream: ReadableStream<Uint8Array>;
	readonly sent: () => number;
	/** The most bytes that could not be given back while it was read, beyond those at its start. */
	readonly held: () => number;
};

/** A body that repeats a chunk until so many bytes are sent; memory is looked at every 4 MiB. */
function endless(chunk: string, bytes: number, start = ''): Endless {
	const encoder = new TextEncoder();
	const first = encoder.encode(start + chunk);
	const again = encoder.encode(chunk);
	let sent = 0;
	let looked = 0;
	let held = 0;
	const before = inUse();
	const stream = new ReadableStream<Uint8Array>(
		{
			pull(controller) {
				if (sent - looked >= large / 25) {
					looked = sent;
					held = Math.max(held, inUse() - before);
				}

				if (sent >= bytes) {
					controller.close();
					return;
				}

				const next = (sent === 0 ? first : again).slice();
				sent += next.length;
				controller.enqueue(next);
			},
		},
		{highWaterMark: 0},
	);
	return {stream, sent: () => sent, held: () => held};
}

function bytesOf(text: string): ReadableStream<Uint8Array> {
	return endless(text, 1).stream;
}

/** How the stream went. */
async function watchStream(
	protocol: Protocol,
	body: ReadableStream<Uint8Array> | undefined,
	provider = connectTo(protocol, 'http://server:80', {
		fetch: responseOf(protocol, body ?? new Uint8Array()),
	}),
) {
	const events: StreamEvent[] = [];
	let error: (Error & {readonly kind?: string}) | undefined;
	try {
		for await (const seen of provider.stream(request(), limits())) {
			// Texts are what a viewer would keep; only that something came matters here.
			events.push(seen.type === 'text-delta' ? {type: 'text-delta', text: ''} : seen);
		}
	} catch (thrown) {
		error = thrown as Error;
	}

	return {events, error};
}

/** Bytes of the heap that something still refers to: what waits for its collection does not count. */
function inUse(): number {
	collectGarbage();
	return process.memoryUsage().heapUsed;
}

function delta(index: number, fields: {readonly [key: string]: string}): string {
	return event('content_block_delta', {type: 'content_block_delta', index, delta: fields});
}

function named(type: string, fields: Parameters<typeof data>[0] & object): string {
	return event(type, {type, ...fields});
}

function choice(fields: Parameters<typeof data>[0]): string {
	return data({choices: [{index: 0, delta: fields, finish_reason: null}]});
}

function message(fields: object): string {
	return line({model: 'm', message: {role: 'assistant', ...fields}, done: false});
}
