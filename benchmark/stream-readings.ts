import {setTimeout as sleep} from 'node:timers/promises';
import {z} from 'zod';
import {FailureError} from '../source/core/failure.ts';
import type {Fetch} from '../source/providers/transport/fetch.ts';
import type {StreamEvent} from '../source/providers/provider.ts';

type Events = AsyncIterable<StreamEvent>;

/** A `fetch` that reports what it returned of the last response's body. */
export type Tap = {
	readonly fetch: Fetch;
	/** When its first bytes arrived (`performance.now()`). */
	firstAt(): number | undefined;
	/** Bytes of it so far. */
	bytes(): number;
};

export function tap(fetch: Fetch): Tap {
	let firstAt: number | undefined;
	let bytes = 0;
	return {
		async fetch(input, init) {
			firstAt = undefined;
			bytes = 0;
			const {body, status, headers} = await fetch(input, init);
			const reader = body?.getReader();
			const tapped = new ReadableStream<Uint8Array>(
				{
					async pull(controller) {
						const {done = true, value} = (await reader?.read()) ?? {};
						firstAt ??= performance.now();
						if (done) {
							controller.close();
						} else {
							bytes += value?.length ?? 0;
							controller.enqueue(value);
						}
					},
					cancel: async reason => reader?.cancel(reason),
				},
				// Don't read ahead.
				{highWaterMark: 0},
			);
			return new Response(tapped, {status, headers});
		},
		firstAt: () => firstAt,
		bytes: () => bytes,
	};
}

/** Reads an answer to its end; the time from its first bytes to its first delta, in ms. */
export async function timeFirstDelta(
	events: Events,
	{firstAt}: Pick<Tap, 'firstAt'>,
): Promise<number> {
	let time: number | undefined;
	for await (const {type} of events) {
		if (type === 'text-delta') {
			time ??= performance.now() - (firstAt() ?? Number.NaN);
		}
	}

	if (time === undefined || Number.isNaN(time)) {
		throw new Error('the answer had no delta, or was not read through the tap');
	}

	return time;
}

/** Times in ms per answer; memory in MiB. */
export const volumeSchema = z.object({
	/** Reading an answer through the adapter, and reading only its bytes. */
	adapter: z.array(z.number()),
	bare: z.array(z.number()),
	/** Bytes of one answer on the wire. */
	bytes: z.number(),
	/** Maximum rise of retained memory between answers: see `riseOf`. */
	grown: z.number(),
	/** Resident memory before the first answer, and its peak since the start of the process. */
	idle: z.number(),
	peak: z.number(),
});

/**
 * Answers between two measurements of retained memory: frequent enough to see a rise, rare enough
 * not to hide a peak.
 */
const measureEvery = 5;

/**
 * Reads long answers of `characters` each, alternating with their bare bytes, and drops each; a
 * first one does not count. Throws if one is incomplete.
 *
 * @param held memory retained after garbage collection, in MiB
 */
export async function readVolume(
	{
		ask,
		readBare,
		held,
	}: {
		readonly ask: () => Events;
		readonly readBare: () => Promise<number>;
		readonly held: () => Promise<number>;
	},
	{count, characters}: {readonly count: number; readonly characters: number},
): Promise<z.infer<typeof volumeSchema>> {
	const idle = mebi(process.memoryUsage.rss());
	await readCompletely(ask(), characters);
	const bytes = await readBare();
	const measurements = [await held()];
	const adapter: number[] = [];
	const bare: number[] = [];
	for (let answer = 1; answer <= count; answer++) {
		const begin = performance.now();
		await readCompletely(ask(), characters);
		const middle = performance.now();
		await readBare();
		adapter.push(middle - begin);
		bare.push(performance.now() - middle);
		if (answer % measureEvery === 0 || answer === count) {
			measurements.push(await held());
		}
	}

	const peak = process.resourceUsage().maxRSS / 2 ** 10;
	return {adapter, bare, bytes, grown: riseOf(measurements), idle, peak};
}

/**
 * The maximum rise of a value above its previous minimum. Node frees some MiB of code at
 * unpredictable times, which would hide a leak if only the first and last value were compared.
 */
export function riseOf(values: readonly number[]): number {
	let lowest = Infinity;
	let rise = 0;
	for (const value of values) {
		lowest = Math.min(lowest, value);
		rise = Math.max(rise, value - lowest);
	}

	return rise;
}

/** Heap and external memory after garbage collection, in MiB. */
export async function heldMiB(): Promise<number> {
	const {gc} = globalThis;
	if (gc === undefined) {
		throw new Error('run node with --expose-gc');
	}

	// Memory freed by one collection may retain more until connections and callbacks have settled.
	for (let round = 0; round < 3; round++) {
		await sleep(20);
		gc();
	}

	const {heapUsed, external} = process.memoryUsage();
	return mebi(heapUsed + external);
}

/** Resident memory in MiB: before the answer, and when it ended. */
export const endlessSchema = z.object({
	/** How it ended; `read on` if nothing ended it. */
	ending: z.string(),
	/** Characters yielded, bytes read. */
	characters: z.number(),
	bytes: z.number(),
	idle: z.number(),
	resident: z.number(),
});

/** Reads an answer until it ends, at most `atMost` characters. */
export async function readEndless(
	events: Events,
	{bytes}: Pick<Tap, 'bytes'>,
	atMost: number,
): Promise<z.infer<typeof endlessSchema>> {
	const idle = mebi(process.memoryUsage.rss());
	let characters = 0;
	let ending = 'finished';
	try {
		for await (const event of events) {
			characters += event.type === 'text-delta' ? event.text.length : 0;
			if (characters >= atMost) {
				ending = 'read on';
				break;
			}
		}
	} catch (error) {
		ending = error instanceof FailureError ? error.kind : String(error);
	}

	const resident = mebi(process.memoryUsage.rss());
	return {ending, characters, bytes: bytes(), idle, resident};
}

async function readCompletely(events: Events, characters: number): Promise<void> {
	let read = 0;
	let isFinished = false;
	for await (const event of events) {
		read += event.type === 'text-delta' ? event.text.length : 0;
		isFinished ||= event.type === 'finished';
	}

	if (read !== characters || !isFinished) {
		throw new Error(`of ${characters} characters ${read} came`);
	}
}

function mebi(bytes: number): number {
	return bytes / 2 ** 20;
}
