import {z} from 'zod';
import {createFetch} from '../source/providers/transport/fetch.ts';
import {connectTo} from '../test/providers/conformance/adapters.ts';
import {request} from '../test/providers/conformance/requests.ts';
import {heldMiB, readEndless, readVolume, tap, timeFirstDelta} from './stream-readings.ts';
import {longText, type answers} from './stream-server.ts';

/**
 * Reads streams through one adapter in a dedicated process, and prints the measurements: `node
 * --expose-gc stream-process.ts <answer> <adapter> <url> <path> <count>`. `count` is the number of
 * answers; for an endless one, the number of characters to read.
 */
const [answer, adapter, url, path, count] = z
	.tuple([
		z.enum(['prompt', 'long', 'endless']),
		z.enum(['anthropic', 'openai', 'compatible', 'ollama']),
		z.string(),
		z.string(),
		z.coerce.number(),
	])
	.parse(process.argv.slice(2));

const fetch = createFetch();
process.stdout.write(JSON.stringify(await read(answer)));

async function read(kind: (typeof answers)[number]) {
	const tapped = tap(fetch);
	switch (kind) {
		case 'prompt': {
			const ask = asking(tapped.fetch);
			const times: number[] = [];
			for (let made = 0; made < count; made++) {
				times.push(await timeFirstDelta(ask(), tapped));
			}

			return times;
		}

		case 'long':
			return readVolume(
				{ask: asking(fetch), readBare, held: heldMiB},
				{count, characters: longText},
			);
		case 'endless':
			return readEndless(asking(tapped.fetch)(), tapped, count);
	}
}

function asking(through: typeof fetch) {
	const provider = connectTo(adapter, url, {fetch: through});
	const {signal} = new AbortController();
	return () =>
		provider.stream(request({model: answer}), {
			signal,
			idleMs: 60_000,
			firstByteMs: 60_000,
			retry: 0,
		});
}

/** Reads the same bytes without processing them. */
async function readBare(): Promise<number> {
	const {body} = await fetch(url + path, {method: 'POST', body: JSON.stringify({model: answer})});
	let bytes = 0;
	for await (const chunk of body ?? []) {
		bytes += chunk.length;
	}

	return bytes;
}
