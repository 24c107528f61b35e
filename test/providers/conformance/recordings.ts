import type {Answer} from '../../../source/core/chat.ts';
import {createFetch, type Fetch} from '../../../source/providers/transport/fetch.ts';
import {startModelServer} from '../../helpers/model-server.ts';
import {connectTo, type Adapter} from './adapters.ts';
import {request, tools} from './requests.ts';
import {collect, finished} from './streams.ts';

export type Recording = {
	/** The body of the answer as it went over the wire. */
	readonly bytes: Uint8Array;
	/** What the adapter makes of the whole of it. */
	readonly answer: Answer;
	/** What was shown on the way, texts joined. */
	readonly shown: {readonly text: string; readonly thinking: string};
};

/** An answer of the scripted server with everything in it: thoughts, text, two calls. */
export async function recorded(adapter: Adapter): Promise<Recording> {
	const server = await startModelServer(() => ({
		kind: 'answer',
		thinking: 'Hm, ähm 🤔.',
		text: 'Grüße, 你好 🎉!',
		calls: [
			{name: 'read', arguments: {path: 'ünï/a.txt'}, id: 'id-a'},
			{name: 'list', arguments: {}, id: 'id-b'},
		],
	}));
	const chunks: Uint8Array[] = [];
	const fetch = recordingFetch(createFetch(), chunks);
	try {
		const events = await collect(connectTo(adapter, server.url, {fetch}), request({tools}));
		return {bytes: Buffer.concat(chunks), answer: finished(events), shown: shownIn(events)};
	} finally {
		await server.close();
	}
}

/** What a person saw of an answer. */
export function shownIn(events: Awaited<ReturnType<typeof collect>>): Recording['shown'] {
	const join = (type: 'text-delta' | 'thinking-delta') =>
		events.map(event => (event.type === type ? event.text : '')).join('');
	return {text: join('text-delta'), thinking: join('thinking-delta')};
}

/** Whether a path is one that answers are asked of, not one about models and health. */
export function isAnswerPath(path: string): boolean {
	return /\/(messages|responses|completions|chat)$/.test(path);
}

function recordingFetch(fetch: Fetch, chunks: Uint8Array[]): Fetch {
	return async (input, init) => {
		const response = await fetch(input, init);
		const {pathname} = new URL(input instanceof Request ? input.url : input);
		if (!isAnswerPath(pathname) || response.body === null) {
			return response;
		}

		const recording = new TransformStream<Uint8Array, Uint8Array>({
			transform(chunk, controller) {
				chunks.push(chunk.slice());
				controller.enqueue(chunk);
			},
		});
		return new Response(response.body.pipeThrough(recording), response);
	};
}

/** A `fetch` that answers with a body, without a network; Ollama's questions get an empty answer. */
export function responseOf(
	adapter: Adapter,
	body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>,
): Fetch {
	const type = adapter === 'ollama' ? 'application/x-ndjson' : 'text/event-stream';
	return async input => {
		const {pathname} = new URL(input instanceof Request ? input.url : input);
		return isAnswerPath(pathname)
			? new Response(body, {headers: {'content-type': type}})
			: Response.json({});
	};
}
