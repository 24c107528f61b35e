import type {Answer, ChatRequest, Usage} from '../../core/chat.ts';
import {FailureError, toFailure, type Failure} from '../../core/failure.ts';
import {applyToolMode} from '../../core/tool-modes.ts';
import {maxRetryAfterMs} from '../../core/retry.ts';
import type {ModelTarget} from '../../core/settings.ts';
import {smallestOutput} from './budget.ts';
import type {Connection} from './connection.ts';
import {sendRequest} from './send-request.ts';
import type {CallTarget} from './endpoints.ts';
import type {Call, ModelCallerOptions} from './model-call.ts';
import {turnInterrupted} from '../attempt/turns.ts';

/** How one call ended. */
export type CallResult =
	| {readonly answer: Answer}
	| {
			readonly failure: Failure;
			/** `undefined`: there was no connection yet. */
			readonly place: CallTarget | undefined;
			/** What it used all the same, and what that costs. */
			readonly paid: {readonly usage: Usage; readonly usd: number | undefined} | undefined;
			/** Its endpoint has answered before. */
			readonly wasThere: boolean;
			/** It must not be tried again, whatever kind of failure it was. */
			readonly isFinal: boolean;
	  };

type Failed = Extract<CallResult, {failure: Failure}>;

/** Another provider is asked rather than waiting longer than this for one, ms. */
export const patienceWithFallbackMs = 30_000;

/** `retry`: how often this request was sent to this target before; `hasFallback`: another could be asked. */
export type SingleCall = Call & {readonly retry: number; readonly hasFallback: boolean};

/**
 * One call of one target: connection, place at the endpoint, reservation, stream. Throws what is no
 * failure of the provider: an aborted attempt, a spent budget, a request that is too long.
 */
export async function callOnce(
	options: ModelCallerOptions,
	target: ModelTarget,
	call: SingleCall,
): Promise<CallResult> {
	const {context} = options;
	const connection = await options
		.connect(target, context.turns.signal())
		.catch((error: unknown) => ({failure: toFailure(error)}));
	context.signal.throwIfAborted();
	if ('failure' in connection) {
		return failed(options, connection.failure, undefined);
	}

	const place = targetOf(connection);
	context.models.learnContext(options.profile.name, connection.contextTokens);
	const request = await fittingRequest(options, connection, call.request);
	const patienceMs = call.hasFallback ? patienceWithFallbackMs : maxRetryAfterMs;
	const pass = await context.gate(place, patienceMs).catch((error: unknown) => {
		if (error instanceof FailureError && error.kind === 'rate-limit') {
			return {failure: toFailure(error)};
		}

		throw error;
	});
	if ('failure' in pass) {
		return {...failed(options, pass.failure, place), isFinal: true};
	}

	try {
		const result = await sendRequest(options, connection, {...call, request});
		if ('failure' in result) {
			pass.failed(result.failure);
			return failed(options, result.failure, place, costOf(result.usage, connection));
		}

		pass.succeeded();
		context.models.answered(place.endpoint);
		return result;
	} finally {
		pass.leave();
	}
}

function failed(
	{context}: ModelCallerOptions,
	failure: Failure,
	place: CallTarget | undefined,
	paid?: Failed['paid'],
): Failed {
	if (context.turns.signal().aborted) {
		return {
			failure: {kind: 'cancelled', message: turnInterrupted},
			place,
			paid,
			wasThere: true,
			isFinal: true,
		};
	}

	const wasThere = place !== undefined && context.models.hasAnswered(place.endpoint);
	return {failure, place, paid, wasThere, isFinal: false};
}

function costOf(usage: Usage | undefined, {price}: Connection): Failed['paid'] {
	return usage && {usage, usd: price(usage)};
}

function targetOf({provider, model, parallelCalls}: Connection): CallTarget {
	return {endpoint: provider.endpoint, model, parallelCalls, provider: provider.type};
}

/** The share of the context that is kept for the answer, at least. */
const answerShare = 1 / 8;

/**
 * The request with model and limits. Throws `context-overflow` when, as far as we can tell, it leaves no
 * room for an answer; near the edge the server is asked, where it counts.
 */
async function fittingRequest(
	{context}: ModelCallerOptions,
	{provider, model, maxOutputTokens, contextTokens, toolMode}: Connection,
	asked: Call['request'],
): Promise<ChatRequest> {
	const request = applyToolMode({...asked, model, maxOutputTokens}, toolMode);
	if (contextTokens === null) {
		return request;
	}

	const wanted = Math.min(maxOutputTokens, Math.max(smallestOutput, contextTokens * answerShare));
	const estimated = context.models.estimateFor(model).estimate(request);
	const isNear = contextTokens - estimated < wanted;
	const counted = isNear
		? await provider.countTokens?.(request, {signal: context.signal}).catch(() => undefined)
		: undefined;
	const tokens = counted ?? estimated;
	const room = contextTokens - tokens;
	if (room < wanted) {
		throw new FailureError(
			'context-overflow',
			`the conversation takes about ${tokens} of the ${contextTokens} tokens that ${model} has here`,
		);
	}

	return {...request, maxOutputTokens: Math.floor(Math.min(maxOutputTokens, room))};
}
