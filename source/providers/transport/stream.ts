import {textOf, toolCallsOf, type Answer} from '../../core/chat.ts';
import {classifyThrown, failureAt} from '../failures/classify.ts';
import type {Endpoint} from './endpoint.ts';
import type {Fetch} from './fetch.ts';
import {createAnswerLimits} from './limits.ts';
import {ProviderError, type StreamEvent, type StreamOptions} from '../provider.ts';
import {watchRequest, type BodyType} from './request-watch.ts';

/** What one protocol makes of its chunks. */
export type Reader<Chunk> = {
	/** Takes the next chunk in; yields what a person who watches can see of it. */
	read(chunk: Chunk): Iterable<StreamEvent>;
	/** Whether nothing more is to come, though the server may keep the connection open. */
	hasEnded(): boolean;
	/** The text so far. */
	text(): string;
	/** The answer; `undefined` when the stream ended without the protocol's end mark. */
	answer(): Answer | undefined;
};

export type Exchange<Chunk> = {
	readonly endpoint: Endpoint;
	readonly bodyType: BodyType;
	/** Sends the request with a `fetch` that is for this request only. */
	readonly open: (fetch: Fetch) => Promise<AsyncIterable<Chunk>>;
	readonly reader: Reader<Chunk>;
};

/** A model may think in secret for long while its server gives signs of life, but not for ever; ms. */
const longestWordlessMs = 60 * 60_000;

/** The stream that `Provider` promises, over any protocol. */
export async function* streamAnswer<Chunk>(
	fetch: Fetch,
	{endpoint, bodyType, open, reader}: Exchange<Chunk>,
	options: StreamOptions,
): AsyncGenerator<StreamEvent> {
	const wordlessMs = options.wordlessMs ?? longestWordlessMs;
	const watch = watchRequest(fetch, endpoint, bodyType, {...options, wordlessMs});
	const limits = createAnswerLimits(endpoint);
	try {
		for await (const chunk of await open(watch.fetch)) {
			limits.onChunk(chunk);
			for (const event of reader.read(chunk)) {
				watch.heard();
				limits.onEvent(event);
				yield event;
			}

			if (reader.hasEnded()) {
				break;
			}
		}

		yield {type: 'finished', answer: wholeAnswer(endpoint, reader)};
	} catch (error) {
		const ours = watch.failure() ?? (error instanceof ProviderError ? error : undefined);
		const known = ours ?? classifyThrown(endpoint, error);
		const wasCut = ours === undefined && known.kind === 'transient' && watch.started();
		const {message, hint, retryAfterMs, status, cause, usage} = known;
		throw new ProviderError(wasCut ? 'stream-truncated' : known.kind, message, {
			hint,
			retryAfterMs,
			status,
			cause,
			usage,
			partial: reader.text(),
		});
	} finally {
		watch.close();
	}
}

/**
 * An answer that was cut short, filtered or paused may be empty: its stop reason says more. A model
 * that ended on its own has to say something.
 */
function wholeAnswer(endpoint: Endpoint, reader: Reader<never>): Answer {
	const answer = reader.answer();
	if (answer === undefined) {
		throw failureAt(endpoint, 'stream-truncated', 'the stream ended without its end mark');
	}

	const {message, stopReason} = answer;
	const hasEnded = stopReason === 'end' || stopReason === 'tool-calls';
	if (hasEnded && textOf(message).trim() === '' && toolCallsOf(message).length === 0) {
		const {message: words, hint} = failureAt(endpoint, 'empty-answer');
		throw new ProviderError('empty-answer', words, {hint, usage: answer.usage});
	}

	return answer;
}
