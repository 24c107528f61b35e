import type {Answer, ChatRequest, Usage} from '../../core/chat.ts';
import {maxCost, type PriceOf} from '../../core/cost.ts';
import {FailureError, toFailure, type Failure, type FailureLesson} from '../../core/failure.ts';
import {maxRetryAfterMs} from '../../core/call-retry.ts';
import type {ModelTarget} from '../../core/settings.ts';
import type {Admission, CallEnd} from '../attempt/attempt-context.ts';
import {adaptRequest} from './adapt-request.ts';
import {smallestOutput, type ReservationRequest} from './budget.ts';
import type {Connection} from './connection.ts';
import {sendRequest} from './send-request.ts';
import type {CallRoute} from './endpoints.ts';
import type {Call, ModelCallerOptions} from './model-call.ts';
import {turnInterrupted} from '../attempt/turns.ts';

/** How one call ended. */
export type CallResult =
	| {readonly answer: Answer}
	| {
			readonly failure: Failure;
			/** `undefined`: no connection yet. */
			readonly route: CallRoute | undefined;
			/** What the failed call used and cost. */
			readonly paid: {readonly usage: Usage; readonly usd: number | undefined} | undefined;
			/** Whether its endpoint has answered before. */
			readonly hasAnswered: boolean;
			/** Must not be retried, whatever the kind of failure. */
			readonly isFinal: boolean;
			/** Whether the next request will differ, so that it may succeed at once. */
			readonly hasLearned: boolean;
			/** Tokens of the request, if the server counted them. */
			readonly countedInput?: number;
	  };

type Failed = Extract<CallResult, {failure: Failure}>;

/** Longest wait for a provider that has a fallback, in ms. */
export const patienceWithFallbackMs = 30_000;

/**
 * `retry`: number of earlier tries at this target; `hasFallback`: another target could answer;
 * `countedInput`: tokens of the request, if the server has counted them.
 */
export type SingleCall = Call & {
	readonly retry: number;
	readonly hasFallback: boolean;
	readonly countedInput?: number | undefined;
};

/**
 * One call to one target: connection, slot, reservation, stream. Throws whatever is not a failure of the
 * provider: an aborted attempt, a spent budget, a request that is too long.
 */
export async function callOnce(
	options: ModelCallerOptions,
	target: ModelTarget,
	call: SingleCall,
): Promise<CallResult> {
	const {models, session} = options;
	const connected = await options
		.connect(target, session.turns.signal())
		.catch((error: unknown) => ({failure: toFailure(error)}));
	session.signal.throwIfAborted();
	if ('failure' in connected) {
		return failed(options, connected.failure, undefined);
	}

	const connection = withLessons(connected, models);
	const route = routeOf(connection);
	models.setContextTokens(options.profile.name, connection.contextTokens);
	const request = await fittingRequest(options, connection, call);
	const admission = await admit(options, connection, {request, hasFallback: call.hasFallback});
	if ('failure' in admission) {
		return {...failed(options, admission.failure, route), isFinal: true};
	}

	let end: CallEnd = {kind: 'abandoned'};
	try {
		const result = await sendRequest(options, connection, {...call, request, admission});
		if ('failure' in result) {
			end = {kind: 'failed', failure: result.failure};
			const {lesson = {}} = result;
			const counted = lesson.limits?.inputTokens;
			models.learn(route.endpoint, connection.model, lesson);
			return {
				...failed(options, result.failure, route, costOf(result.usage, connection)),
				hasLearned:
					isNews(lesson, connection) || (counted !== undefined && call.countedInput === undefined),
				...(counted === undefined ? {} : {countedInput: counted}),
			};
		}

		end = {kind: 'answered'};
		models.answered(route.endpoint);
		return result;
	} finally {
		session.context.endCall(admission.id, end);
	}
}

/** Waits for a slot at the endpoint and for budget; returns a failure if the slot takes too long. */
async function admit(
	{models, session}: ModelCallerOptions,
	connection: Connection,
	{request, hasFallback}: {readonly request: ChatRequest; readonly hasFallback: boolean},
): Promise<Admission | {readonly failure: Failure}> {
	const {model, price} = connection;
	const input = models.estimateFor(model).estimate(request);
	const maxOutput = request.maxOutputTokens;
	try {
		return await session.context.admitCall(
			{
				route: routeOf(connection),
				reservation: {input, maxOutput, model, usd: highestCosts(price, input, maxOutput)},
				patienceMs: hasFallback ? patienceWithFallbackMs : maxRetryAfterMs,
			},
			session.turns.signal(),
		);
	} catch (error) {
		if (error instanceof FailureError && error.kind === 'rate-limit') {
			return {failure: toFailure(error)};
		}

		throw error;
	}
}

function highestCosts(price: PriceOf, input: number, maxOutput: number): ReservationRequest['usd'] {
	const least = maxCost(price, input, 0);
	const most = maxCost(price, input, maxOutput);
	return least === undefined || most === undefined ? null : {least, most};
}

function failed(
	{models, session}: ModelCallerOptions,
	failure: Failure,
	route: CallRoute | undefined,
	paid?: Failed['paid'],
): Failed {
	if (session.turns.signal().aborted) {
		return {
			failure: {kind: 'cancelled', message: turnInterrupted},
			route,
			paid,
			hasAnswered: true,
			isFinal: true,
			hasLearned: false,
		};
	}

	const wasThere = route !== undefined && models.hasAnswered(route.endpoint);
	return {failure, route, paid, hasAnswered: wasThere, isFinal: false, hasLearned: false};
}

function costOf(usage: Usage | undefined, {price}: Connection): Failed['paid'] {
	return usage && {usage, usd: price(usage)};
}

function routeOf({provider, model, parallelCalls}: Connection): CallRoute {
	return {
		endpoint: provider.endpoint,
		model,
		parallelCalls: Number.isFinite(parallelCalls) ? parallelCalls : null,
		provider: provider.type,
	};
}

/** Whether the lesson changes what is sent over this connection. */
function isNews(
	{limits = {}, refusesTools = false}: FailureLesson,
	{contextTokens, maxOutputTokens, toolMode}: Connection,
): boolean {
	return (
		(refusesTools && toolMode.tools === 'native') ||
		(limits.contextTokens ?? Infinity) < (contextTokens ?? Infinity) ||
		(limits.maxOutputTokens ?? Infinity) < maxOutputTokens
	);
}

/** The connection, with what failed calls have taught about its model. */
function withLessons(connection: Connection, models: ModelCallerOptions['models']): Connection {
	const {provider, model, toolMode} = connection;
	const {describesTools, ...limits} = models.lessonsOf(provider.endpoint, model);
	const contextTokens = smallest(connection.contextTokens, limits.contextTokens);
	const maxOutputTokens = Math.min(
		connection.maxOutputTokens,
		limits.maxOutputTokens ?? Infinity,
		contextTokens === null ? Infinity : Math.floor(contextTokens / 2),
	);
	return {
		...connection,
		contextTokens,
		maxOutputTokens,
		toolMode: describesTools ? {...toolMode, tools: 'described'} : toolMode,
	};
}

function smallest(a: number | null, b: number | undefined): number | null {
	return a === null || b === undefined ? (a ?? b ?? null) : Math.min(a, b);
}

/** Minimum share of the context that is reserved for the answer. */
const answerShare = 1 / 8;

/**
 * Adds model and limits to the request. Throws `context-overflow` if it leaves no room for an answer;
 * close to the limit, the server counts the tokens if it can.
 */
async function fittingRequest(
	{models, session}: ModelCallerOptions,
	connection: Connection,
	{request: asked, countedInput}: Pick<SingleCall, 'request' | 'countedInput'>,
): Promise<ChatRequest> {
	const {provider, model, maxOutputTokens, contextTokens, contextHint} = connection;
	const request = adaptRequest(asked, connection);
	if (contextTokens === null) {
		return request;
	}

	const wanted = Math.min(maxOutputTokens, Math.max(smallestOutput, contextTokens * answerShare));
	const estimated = countedInput ?? models.estimateFor(model).estimate(request);
	const isNear = countedInput === undefined && contextTokens - estimated < wanted;
	const counted = isNear
		? await provider.countTokens?.(request, {signal: session.signal}).catch(() => undefined)
		: undefined;
	const tokens = counted ?? estimated;
	const room = contextTokens - tokens;
	if (room < wanted) {
		throw new FailureError(
			'context-overflow',
			`the conversation takes about ${tokens} of the ${contextTokens} tokens that ${model} has here`,
			{hint: contextHint},
		);
	}

	return {...request, maxOutputTokens: Math.floor(Math.min(maxOutputTokens, room))};
}
