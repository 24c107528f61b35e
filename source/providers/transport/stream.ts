import {textOf, toolCallsOf, type Answer} from '../../core/chat.ts';
import {classifyThrown, endpointFailure} from '../failures/classify.ts';
import type {Endpoint} from './endpoint.ts';
import type {Fetch} from './fetch.ts';
import {createAnswerLimits} from './limits.ts';
import {ProviderError, type StreamEvent, type StreamOptions} from '../provider.ts';
import {watchRequest} from './request-watch.ts';

/** Turns the chunks of one protocol into an answer. */
export type Reader<Chunk> = {
	/** Consumes the next chunk; yields what can be displayed of it. */
	read(chunk: Chunk): Iterable<StreamEvent>;
	/** Whether the answer is complete, even if the server keeps the connection open. */
	hasEnded(): boolean;
	/** The text so far. */
	text(): string;
	/** The answer; `undefined` if the stream ended without the protocol's end marker. */
	answer(): Answer | undefined;
};

export type Exchange<Chunk> = {
	readonly endpoint: Endpoint;
	/** Sends the request with a `fetch` that is for this request only. */
	readonly open: (fetch: Fetch) => Promise<AsyncIterable<Chunk>>;
	readonly reader: Reader<Chunk>;
};

/**
 * A model may think silently for a long time while its server sends keep-alives, but not forever;
 * ms.
 */
const maxNoContentMs = 60 * 60_000;

/** Implements `Provider.stream` over any protocol. */
export async function* streamAnswer<Chunk>(
	fetch: Fetch,
	{endpoint, open, reader}: Exchange<Chunk>,
	options: StreamOptions,
): AsyncGenerator<StreamEvent> {
	const noContentMs = options.noContentMs ?? maxNoContentMs;
	const watch = watchRequest(fetch, endpoint, {...options, noContentMs});
	const limits = createAnswerLimits(endpoint);
	try {
		for await (const chunk of await open(watch.fetch)) {
			limits.onChunk(chunk);
			for (const event of reader.read(chunk)) {
				watch.contentReceived();
				limits.onEvent(event);
				yield event;
			}

			if (reader.hasEnded()) {
				break;
			}
		}

		yield {type: 'finished', answer: completeAnswer(endpoint, reader)};
	} catch (error) {
		const ours = watch.failure() ?? (error instanceof ProviderError ? error : undefined);
		const known = ours ?? classifyThrown(endpoint, error);
		const wasCut = ours === undefined && known.kind === 'transient' && watch.started();
		const {message, hint, retryAfterMs, status, cause, usage, lesson} = known;
		throw new ProviderError(wasCut ? 'stream-truncated' : known.kind, message, {
			hint,
			retryAfterMs,
			status,
			cause,
			usage,
			lesson,
			partial: reader.text(),
		});
	} finally {
		watch.close();
	}
}

/**
 * An answer that was cut off, filtered or paused may be empty: its stop reason explains it. A model
 * that finished on its own must not return an empty answer.
 */
function completeAnswer(endpoint: Endpoint, reader: Reader<never>): Answer {
	const answer = reader.answer();
	if (answer === undefined) {
		throw endpointFailure(endpoint, 'stream-truncated', 'the stream ended without its end marker');
	}

	const {message, stopReason} = answer;
	const hasEnded = stopReason === 'end' || stopReason === 'tool-calls';
	if (hasEnded && textOf(message).trim() === '' && toolCallsOf(message).length === 0) {
		const {message: words, hint} = endpointFailure(endpoint, 'empty-answer');
		throw new ProviderError('empty-answer', words, {hint, usage: answer.usage});
	}

	return answer;
}
