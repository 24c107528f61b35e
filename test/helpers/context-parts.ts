import type {Clock} from '../../source/core/clock.ts';
import {maxCost, type PriceOf} from '../../source/core/cost.ts';
import {createApprovals} from '../../source/engine/approvals.ts';
import {createLocalContext, type ContextParts} from '../../source/engine/attempt/local-context.ts';
import {
	openAttemptSession,
	type AttemptSession,
} from '../../source/engine/attempt/attempt-session.ts';
import {createHistory} from '../../source/engine/log/history.ts';
import type {Recorder} from '../../source/engine/log/recorder.ts';
import {
	createBudget,
	type Limits,
	type ReservationRequest,
} from '../../source/engine/model/budget.ts';
import {createEndpoints} from '../../source/engine/model/endpoints.ts';
import {createOpenTurns} from '../../source/engine/open-turns.ts';
import {quickClock} from './run-parts.ts';

/** The parts of a context over a recorder, of which a test replaces some. */
export function contextParts(
	recorder: Recorder,
	{
		clock = quickClock,
		limits = {},
		...parts
	}: Partial<ContextParts> & {
		readonly clock?: Clock;
		readonly limits?: Partial<Limits>;
	} = {},
): ContextParts {
	return {
		recorder,
		approvals: createApprovals(recorder, clock),
		budget: createBudget(
			() => limitsOf(limits),
			() => ({tokens: recorder.state.usage.total.total, usd: recorder.state.usage.total.usd}),
		),
		endpoints: createEndpoints(clock),
		history: createHistory([]),
		turns: createOpenTurns(),
		stream: () => undefined,
		...parts,
	};
}

/** A session of `teammate-1` in the first attempt at the subtask `a`. */
export async function openTestSession(
	parts: ContextParts,
	redact: (text: string) => string = text => text,
): Promise<AttemptSession> {
	const agent = 'teammate-1';
	const key = {subtask: 'a', attempt: 1};
	const context = createLocalContext(parts, {agent, ...key}, new AbortController().signal);
	return openAttemptSession({context, agent, key, redact});
}

export function limitsOf(limits: Partial<Limits> = {}): Limits {
	return {maxTokens: null, maxUsd: null, unpriced: 'allow', ...limits};
}

/** A reservation of tokens. Default: they cost nothing. */
export function reservation(
	input: number,
	maxOutput: number,
	{price = () => 0}: {readonly price?: PriceOf} = {},
): ReservationRequest {
	const [least, most] = [0, maxOutput].map(output => maxCost(price, input, output));
	const usd = least === undefined || most === undefined ? null : {least, most};
	return {input, maxOutput, usd, model: 'm'};
}

/** A call that any endpoint admits. */
export function callOf(request: ReservationRequest, endpoint = 'http://127.0.0.1:2') {
	const route = {endpoint, model: 'm', parallelCalls: null, provider: 'openai'};
	return {route, reservation: request, patienceMs: Number.POSITIVE_INFINITY};
}
