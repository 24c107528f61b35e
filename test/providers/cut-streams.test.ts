import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {ProviderError, StreamEvent} from '../../source/providers/provider.ts';
import {delivered, raw, say, startModelServer} from '../helpers/model-server.ts';
import {capturePrints, type Prints} from '../helpers/model-server/prints.ts';
import {connectTo} from './conformance/adapters.ts';
import {recorded, responseOf, shownIn, type Recording} from './conformance/recordings.ts';
import {request, tools} from './conformance/requests.ts';
import {collect, failureOf, finished} from './conformance/streams.ts';
import {patienceMs} from '../helpers/patience.ts';

/** One adapter for each protocol. */
const protocols = ['anthropic', 'openai', 'compatible', 'ollama'] as const;
type Protocol = (typeof protocols)[number];

let prints: Prints;
beforeAll(() => {
	prints = capturePrints();
});
afterAll(() => {
	prints.stopSilent();
});

describe.each(protocols)('%s', protocol => {
	let recording: Recording;
	beforeAll(async () => {
		recording = await recorded(protocol);
	});

	test('the recorded answer has thoughts, text and two calls', () => {
		const {answer, shown} = recording;
		expect(answer.message.parts.map(({kind}) => kind)).toEqual([
			'thinking',
			'text',
			'tool-call',
			'tool-call',
		]);
		expect(shown).toEqual({text: 'Grüße, 你好 🎉!', thinking: 'Hm, ähm 🤔.'});
	});

	test.each(['in order', 'by force'] as const)(
		'a connection that ends %s gives the whole answer or none, wherever it ends',
		async how => {
			const {bytes, answer} = recording;
			let firstWhole = bytes.length;
			for (let length = bytes.length - 1; length >= 0; length--) {
				const outcome = await answerTo(protocol, [bytes.slice(0, length)], how);
				if ('answer' in outcome) {
					expect(outcome.answer).toMatchObject({
						message: answer.message,
						stopReason: answer.stopReason,
					});
					expect(firstWhole).toBe(length + 1);
					firstWhole = length;
				} else {
					const {kind, partial} = outcome.error;
					expect(kind).toBe(length === 0 && how === 'by force' ? 'transient' : 'stream-truncated');
					expect(recording.shown.text.startsWith(partial)).toBe(true);
				}
			}

			// All that comes before the end mark is no answer.
			const end = new TextDecoder().decode(bytes.subarray(firstWhole));
			expect(end).not.toMatch(/"(content_block_delta|arguments|content)"/);
			expect(firstWhole).toBeGreaterThan(bytes.length / 2);
		},
		30_000,
	);

	test('the same bytes are the same answer, however they come', async () => {
		const {bytes, answer, shown} = recording;
		const random = seeded(20_260_101);
		const cuts = [
			[...bytes].map(byte => Uint8Array.of(byte)),
			...Array.from({length: 50}, () => randomPieces(bytes, random)),
		];
		for (const pieces of cuts) {
			const outcome = await answerTo(protocol, pieces, 'in order');
			expect(outcome).toEqual({answer, shown});
		}
	});

	test('over real HTTP, too', async () => {
		const {bytes} = recording;
		for (const share of [0.1, 0.5, 0.9]) {
			const afterBytes = Math.floor(bytes.length * share);
			const server = await startModelServer(() =>
				delivered({kind: 'answer', text: 'x'.repeat(bytes.length)}, {how: 'destroyed', afterBytes}),
			);
			const error = await failureOf(connectTo(protocol, server.url), request({tools}));
			expect(error.kind).toBe('stream-truncated');
			await server.close();
		}

		const type = protocol === 'ollama' ? 'application/x-ndjson' : 'text/event-stream';
		const half = new TextDecoder().decode(bytes.subarray(0, bytes.length / 2));
		const server = await startModelServer(() => raw(half, type));
		const error = await failureOf(connectTo(protocol, server.url), request({tools}));
		expect(error.kind).toBe('stream-truncated');
		await server.close();
	});

	test('what has come is shown before the next byte comes', async () => {
		const {bytes} = recording;
		const body = handFed();
		const provider = connectTo(protocol, 'http://server:80', {
			fetch: responseOf(protocol, body.stream),
		});
		const {signal} = new AbortController();
		const options = {signal, idleMs: patienceMs, firstByteMs: patienceMs, retry: 0};
		const events = provider.stream(request({tools}), options)[Symbol.asyncIterator]();
		const first = events.next();
		// Byte by byte, up to the first one that makes a whole event with something to see.
		let isShown = false;
		void first.then(() => (isShown = true));
		let sent = 0;
		while (!isShown) {
			body.feed(bytes.slice(sent, ++sent));
			await new Promise(setImmediate);
		}

		const start = new TextDecoder().decode(bytes.subarray(0, sent));
		expect((await first).value).toMatchObject({type: 'thinking-delta', text: 'Hm, ähm'});
		expect(start.endsWith(protocol === 'ollama' ? '\n' : '\n\n')).toBe(true);
		expect(start.split('Hm, ')).toHaveLength(2);
		await events.return?.();
	});
});

test('a stall, a cut and an end are told apart over real HTTP', async () => {
	const server = await startModelServer(({ordinal}) =>
		delivered(say('Half'), ordinal === 0 ? {how: 'cut'} : {how: 'stalled', afterBytes: Infinity}),
	);
	const provider = connectTo('compatible', server.url);
	expect(await failureOf(provider, request())).toMatchObject({kind: 'stream-truncated'});
	expect(await failureOf(provider, request(), {idleMs: 40})).toMatchObject({kind: 'stalled'});
	await server.close();
});

type Outcome =
	| {readonly answer: Recording['answer']; readonly shown: Recording['shown']}
	| {readonly error: ProviderError};

/** What the adapter makes of bytes, without a network. */
async function answerTo(
	protocol: Protocol,
	pieces: readonly Uint8Array[],
	end: 'in order' | 'by force',
): Promise<Outcome> {
	let index = 0;
	const body = new ReadableStream<Uint8Array>({
		pull(controller) {
			const piece = pieces[index++];
			if (piece !== undefined && piece.length > 0) {
				controller.enqueue(piece);
			} else if (end === 'in order') {
				controller.close();
			} else {
				// As undici tells that a socket was destroyed.
				const cause = Object.assign(new Error('other side closed'), {code: 'UND_ERR_SOCKET'});
				controller.error(new TypeError('terminated', {cause}));
			}
		},
	});
	const provider = connectTo(protocol, 'http://server:80', {fetch: responseOf(protocol, body)});
	const events: StreamEvent[] = [];
	try {
		events.push(...(await collect(provider, request({tools}))));
	} catch (error) {
		return {error: error as ProviderError};
	}

	return {answer: finished(events), shown: shownIn(events)};
}

function handFed() {
	let controller: ReadableStreamDefaultController<Uint8Array>;
	const stream = new ReadableStream<Uint8Array>({
		start(given) {
			controller = given;
		},
	});
	return {stream, feed: (bytes: Uint8Array) => controller.enqueue(bytes)};
}

function randomPieces(bytes: Uint8Array, random: () => number): Uint8Array[] {
	const pieces: Uint8Array[] = [];
	for (let start = 0; start < bytes.length;) {
		const size = 1 + Math.floor(random() ** 4 * 400);
		pieces.push(bytes.slice(start, start + size));
		start += size;
	}

	return pieces;
}

/** https://en.wikipedia.org/wiki/Linear_congruential_generator, with the numbers of Numerical Recipes. */
function seeded(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}
