import type {StopReason, Usage} from '../../core/chat.ts';
import type {FailureKind} from '../../core/failure.ts';
import {endpointFailure} from '../failures/classify.ts';
import {ProviderError} from '../provider.ts';
import type {Endpoint} from './endpoint.ts';

/**
 * Why a model stopped, from the word of its server; without one, it ended by itself. Throws if the word
 * does not say that the answer is complete.
 *
 * @param isFull whether a limit that was reached is that of the context
 */
export function finishedReason(
	word: string | undefined,
	{
		endpoint,
		usage,
		isFull = false,
	}: {readonly endpoint: Endpoint; readonly usage: Usage; readonly isFull?: boolean},
): StopReason {
	const stop: WireStop = word === undefined ? {reason: 'end'} : wireStop(word);
	if ('reason' in stop) {
		return stop.reason === 'max-tokens' && isFull ? 'context-full' : stop.reason;
	}

	const {kind, message, hint} = endpointFailure(
		endpoint,
		stop.failure,
		`it stopped with "${word}"`,
	);
	throw new ProviderError(kind, message, {hint, usage});
}

/** Why a model stopped, or the failure that a server reports in its place. */
type WireStop = {readonly reason: StopReason} | {readonly failure: FailureKind};

/** The vendors' words and those of gateways, which pass on the words of others. */
function wireStop(word: string): WireStop {
	const known = word.toLowerCase().replaceAll('-', '_');
	// Gemini names both its own reason and the vendor's.
	const [first = known] = known.split(':');
	return stops.find(([words]) => words.has(first.trim()))?.[1] ?? {failure: 'stream-truncated'};
}

const stops: readonly (readonly [words: ReadonlySet<string>, stop: WireStop])[] = [
	[
		new Set([
			'stop',
			'end',
			'end_turn',
			'end_of_turn',
			'eos',
			'eos_token',
			'stop_sequence',
			'stop_sequences',
			'complete',
			'completed',
			'done',
			'finish',
			'finished',
			'load',
			'unload',
			'tool_call',
			'tool_calls',
			'tool_use',
			'function_call',
		]),
		{reason: 'end'},
	],
	[
		new Set(['length', 'max_tokens', 'max_output_tokens', 'max_completion_tokens', 'model_length']),
		{reason: 'max-tokens'},
	],
	[
		new Set(['model_context_window_exceeded', 'context_length_exceeded', 'context_window']),
		{reason: 'context-full'},
	],
	[
		// https://ai.google.dev/api/generate-content#FinishReason; z.ai says `sensitive`.
		new Set([
			'content_filter',
			'content_filtered',
			'guardrail_intervened',
			'refusal',
			'safety',
			'sensitive',
			'recitation',
			'blocklist',
			'prohibited_content',
			'spii',
		]),
		{reason: 'refusal'},
	],
	[new Set(['pause_turn']), {reason: 'pause'}],
	// https://api-docs.deepseek.com/api/create-chat-completion
	[new Set(['insufficient_system_resource']), {failure: 'overloaded'}],
	// Gemini: the call that the model wrote does not parse.
	[new Set(['malformed_function_call', 'function_call_filter']), {failure: 'empty-answer'}],
];
