import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {
	readEndless,
	readVolume,
	riseOf,
	tap,
	timeFirstDelta,
} from '../../benchmark/stream-readings.ts';
import {longText, startStreamServer, type answers} from '../../benchmark/stream-server.ts';
import {textOf} from '../../source/core/chat.ts';
import {createFetch, type Fetch} from '../../source/providers/transport/fetch.ts';
import type {StreamEvent} from '../../source/providers/provider.ts';
import {connectTo} from '../providers/conformance/adapters.ts';
import {request} from '../providers/conformance/requests.ts';
import {ask, limits} from '../providers/conformance/streams.ts';

const adapters = ['anthropic', 'openai', 'compatible', 'ollama'] as const;

let server: Awaited<ReturnType<typeof startStreamServer>>;
beforeAll(async () => {
	server = await startStreamServer();
});
afterAll(() => {
	server.close();
});

describe.each(adapters)('streams for %s', adapter => {
	const tapped = tap(createFetch());
	const stream = (answer: (typeof answers)[number]) =>
		connectTo(adapter, server.url, {fetch: tapped.fetch}).stream(
			request({model: answer}),
			limits({idleMs: 60_000}),
		);

	test('say a short text piece by piece, after bytes that were timed', async () => {
		const events: StreamEvent[] = [];
		let bytesAtFirst = 0;
		const time = await timeFirstDelta(
			noted(stream('prompt'), event => {
				bytesAtFirst ||= tapped.bytes();
				events.push(event);
			}),
			tapped,
		);
		expect(time).toBeGreaterThan(0);
		expect(bytesAtFirst).toBeGreaterThan(0);
		const deltas = events.filter(({type}) => type === 'text-delta');
		expect(deltas).toHaveLength(20);
		const provider = connectTo(adapter, server.url);
		const {message} = await ask(provider, request({model: 'prompt'}));
		expect(textOf(message)).toBe(
			'The file is read, so 端口 is "ok" ✓ and we can go on.\nThen\twe met.'.repeat(20),
		);
	});

	test('say four million characters that no adapter refuses', async () => {
		const readings = await readVolume(
			{ask: () => stream('long'), readBare: async () => tapped.bytes(), held: async () => 0},
			{count: 1, characters: longText},
		);
		expect(longText).toBe(4_000_000);
		// The Responses API says it once more for the text, its part, its item and the whole answer.
		expect(readings.bytes).toBeGreaterThan(longText * (adapter === 'openai' ? 5 : 1));
	});

	test('without end are ended at the most that an answer may hold', async () => {
		const {ending, characters, bytes} = await readEndless(stream('endless'), tapped, 1e8);
		expect(ending).toBe('output-cut');
		const most = 8 * 1024 ** 2;
		expect(characters).toBeLessThanOrEqual(most);
		expect(characters).toBeGreaterThan(most - 100);
		expect(bytes).toBeGreaterThan(characters);
	});
});

describe('the time to the first delta', () => {
	test('runs from the first bytes to the first delta of several', async () => {
		let now = 0;
		const events = noted(saying('a', 'b', 'c'), () => {
			now += 1;
		});
		const firstAt = () => performance.now() - (now === 1 ? 1_000 : 100_000);
		const time = await timeFirstDelta(events, {firstAt});
		expect(time).toBeGreaterThan(900);
		expect(time).toBeLessThan(90_000);
	});

	test('is not told of an answer that has no delta, or that no bytes were seen of', async () => {
		await expect(timeFirstDelta(saying(), {firstAt: () => 0})).rejects.toThrow(/no delta/);
		await expect(timeFirstDelta(saying('a'), {firstAt: () => undefined})).rejects.toThrow(
			/through the tap/,
		);
	});
});

describe('the tap', () => {
	test('asks for nothing that nobody wants, and tells what it handed over of the last body', async () => {
		const sent: number[] = [];
		const fetch: Fetch = async () => new Response(bodyOf(sent, 3));
		const {fetch: tapped, firstAt, bytes} = tap(fetch);
		await (await tapped('http://server')).arrayBuffer();
		expect(bytes()).toBe(30);
		expect(firstAt()).toBeGreaterThan(0);
		sent.length = 0;
		const second = await tapped('http://server');
		expect({sent, first: firstAt(), bytes: bytes()}).toEqual({
			sent: [],
			first: undefined,
			bytes: 0,
		});
		const reader = second.body?.getReader();
		await reader?.read();
		expect({sent, bytes: bytes()}).toEqual({sent: [10], bytes: 10});
	});

	test('lets go of the body when its reader does', async () => {
		let cancelled = false;
		const body = new ReadableStream({
			cancel() {
				cancelled = true;
			},
		});
		const {fetch} = tap(async () => new Response(body));
		await (await fetch('http://server')).body?.cancel();
		expect(cancelled).toBe(true);
	});
});

describe('reading a volume', () => {
	test('sees what is kept from answer to answer', async () => {
		const kept: string[] = [];
		const ask = () => {
			kept.push('answer');
			return saying('abc');
		};
		const {grown, adapter, bare} = await readVolume(
			{ask, readBare: async () => 3, held: async () => kept.length},
			{count: 12, characters: 3},
		);
		expect(grown).toBe(12);
		expect([adapter.length, bare.length]).toEqual([12, 12]);
	});

	test('takes no answer that is not whole', async () => {
		const readings = {readBare: async () => 3, held: async () => 0};
		const options = {count: 1, characters: 3};
		const half = () => saying('ab');
		await expect(readVolume({...readings, ask: half}, options)).rejects.toThrow(/of 3 .* 2 came/);
		const unfinished = () => noEnd(saying('abc'));
		await expect(readVolume({...readings, ask: unfinished}, options)).rejects.toThrow(/came/);
	});

	test.each([
		[[30, 31, 38], 8],
		[[30, 25, 33], 8],
		[[38, 31, 30], 0],
		[[30, 40, 31], 10],
	])('sees in %j a rise of %d', (values, rise) => {
		expect(riseOf(values)).toBe(rise);
	});
});

test('an answer that nothing ends is read on, and said so', async () => {
	const {ending, characters} = await readEndless(saying('abc', 'def', 'ghi'), {bytes: () => 0}, 6);
	expect({ending, characters}).toEqual({ending: 'read on', characters: 6});
});

async function* saying(...texts: readonly string[]): AsyncGenerator<StreamEvent> {
	for (const text of texts) {
		yield {type: 'text-delta', text};
	}

	const message = {role: 'assistant', parts: [], origin: {provider: 'demo', model: 'm'}} as const;
	const usage = {
		input: 1,
		cacheRead: null,
		cacheWrite: null,
		output: 1,
		reasoning: null,
		estimated: false,
	};
	yield {
		type: 'finished',
		answer: {message: {...message, parts: []}, stopReason: 'end', usage, model: 'm'},
	};
}

async function* noEnd(events: AsyncIterable<StreamEvent>): AsyncGenerator<StreamEvent> {
	for await (const event of events) {
		if (event.type !== 'finished') {
			yield event;
		}
	}
}

async function* noted(
	events: AsyncIterable<StreamEvent>,
	note: (event: StreamEvent) => void,
): AsyncGenerator<StreamEvent> {
	for await (const event of events) {
		note(event);
		yield event;
	}
}

/** A body of ten bytes a chunk, which notes what was asked of it. */
function bodyOf(sent: number[], chunks: number): ReadableStream<Uint8Array> {
	let count = 0;
	return new ReadableStream(
		{
			pull(controller) {
				if (count === chunks) {
					controller.close();
					return;
				}

				count += 1;
				sent.push(10);
				controller.enqueue(new Uint8Array(10));
			},
		},
		{highWaterMark: 0},
	);
}
