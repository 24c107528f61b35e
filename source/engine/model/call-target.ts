import type {Answer} from '../../core/chat.ts';
import type {Failure} from '../../core/failure.ts';
import {maxRetryAfterMs, retryDelay} from '../../core/call-retry.ts';
import type {WaitReason} from '../../core/agent-events.ts';
import type {ModelTarget} from '../../core/settings.ts';
import {callOnce, patienceWithFallbackMs, type CallResult} from './call-once.ts';
import type {Call, ModelCallerOptions} from './model-call.ts';

/** Polling interval while a server loads its model, in ms; doubles from the shortest to the longest. */
const shortestPollMs = 500;
const longestPollMs = 5_000;

/** Requests in a row that are only repeated because they were made to fit. */
const maxLessons = 4;

/**
 * Calls one target until it answers or fails for good: temporary failures are retried with full jitter,
 * limited by a number of calls, a total time and the endpoint's retry budget. Logs each failed try and
 * each wait. A request that the server explains how to correct is corrected and repeated at once.
 *
 * @param hasFallback whether another target could answer instead
 */
export async function callTarget(
	options: ModelCallerOptions,
	target: ModelTarget,
	call: Call,
	hasFallback: boolean,
): Promise<{readonly answer: Answer} | {readonly failure: Failure}> {
	const {session, clock, random} = options;
	const start = clock.monotonic();
	let polls = 0;
	let lessons = 0;
	let countedInput: number | undefined;
	for (let calls = 1; ; calls++) {
		const single = {...call, retry: calls - 1, hasFallback, countedInput};
		const result = await callOnce(options, target, single);
		if ('answer' in result) {
			return result;
		}

		if (result.hasLearned && lessons < maxLessons) {
			lessons += 1;
			calls -= 1;
			({countedInput} = result);
			logFailure(options, result, {call, tries: calls + lessons, delay: 0});
			continue;
		}

		const {failure, route, hasAnswered: wasThere, isFinal} = result;
		const elapsedMs = clock.monotonic() - start;
		const isLoading = failure.kind === 'server-loading';
		if (isLoading) {
			polls += 1;
			calls -= 1;
		}

		const delay = isLoading
			? pollDelay(polls, elapsedMs)
			: retryDelay(failure, {calls, elapsedMs, hasAnswered: wasThere}, random());
		// A loading server is polled often, so the total wait counts.
		const waitMs = (delay ?? 0) + (isLoading ? elapsedMs : 0);
		const withinLimits =
			delay !== undefined && !isFinal && (!hasFallback || waitMs <= patienceWithFallbackMs);
		// Retries that the server asked for are not taken from its budget.
		const isFair = isLoading || failure.retryAfterMs !== undefined || route === undefined;
		const mayRetry = withinLimits && (isFair || (await session.context.mayRetry(route)));
		logFailure(options, result, {
			call,
			tries: calls + polls,
			delay: mayRetry ? delay : undefined,
		});
		if (!mayRetry) {
			return {
				failure: {...failure, message: `${failure.message}${finalReason(failure, withinLimits)}`},
			};
		}

		await wait(options, failure, delay);
	}
}

/** Why a temporary failure is final, if its message does not say. */
function finalReason({retryAfterMs = 0}: Failure, withinLimits: boolean): string {
	if (withinLimits) {
		return ' The retry budget is used up.';
	}

	return retryAfterMs > maxRetryAfterMs
		? ` It asks to retry in ${Math.ceil(retryAfterMs / 60_000)} minutes.`
		: '';
}

function pollDelay(polls: number, elapsedMs: number): number | undefined {
	return elapsedMs > maxRetryAfterMs
		? undefined
		: Math.min(longestPollMs, shortestPollMs * 2 ** (polls - 1));
}

function logFailure(
	{session}: ModelCallerOptions,
	{failure, paid, route}: Extract<CallResult, {failure: Failure}>,
	{
		call,
		tries,
		delay,
	}: {readonly call: Call; readonly tries: number; readonly delay: number | undefined},
): void {
	session.emit({
		type: 'model-call-failed',
		call: call.id,
		failure,
		try: tries,
		request: call.hash,
		...(route === undefined ? {} : {model: route.model}),
		...(paid ? {usage: paid.usage} : {}),
		...(paid?.usd === undefined ? {} : {usd: paid.usd}),
		...(delay === undefined ? {} : {retryInMs: delay}),
	});
}

async function wait(
	{session, clock}: ModelCallerOptions,
	failure: Failure,
	ms: number,
): Promise<void> {
	if (ms === 0) {
		return;
	}

	const until = new Date(clock.now() + ms).toISOString();
	// The full message is in the failure's own event.
	const [detail = ''] = failure.message.split(': ', 1);
	session.emit({type: 'agent-waiting', for: waitReason(failure), detail, until});
	await clock.sleep(ms, session.turns.signal());
	session.emit({type: 'agent-resumed'});
}

function waitReason({kind}: Failure): WaitReason {
	switch (kind) {
		case 'rate-limit':
		case 'overloaded':
			return 'rate-limit';
		case 'server-loading':
			return 'server-loading';
		default:
			return 'retry';
	}
}
