import type {Answer} from '../../core/chat.ts';
import type {Failure} from '../../core/failure.ts';
import {maxRetryAfterMs, retryDelay} from '../../core/retry.ts';
import type {WaitReason} from '../../core/run-event.ts';
import type {ModelTarget} from '../../core/settings.ts';
import {callOnce, patienceWithFallbackMs, type CallResult} from './call-once.ts';
import type {Call, ModelCallerOptions} from './model-call.ts';

/** How often a server that loads its model is asked whether it is done, ms: growing from the first. */
const shortestPollMs = 500;
const longestPollMs = 5_000;

/**
 * Asks one target until it answers or fails for good: what may pass is tried again with full jitter,
 * within a number of calls, a total time, and what the endpoint may be asked in all. One event tells of
 * each failed try, and people see each wait.
 *
 * @param hasFallback whether another target would be asked in its place
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
	for (let calls = 1; ; calls++) {
		const result = await callOnce(options, target, {...call, retry: calls - 1, hasFallback});
		if ('answer' in result) {
			return result;
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
		// A server that loads is asked often: what counts is how long it has been waited for in all.
		const waitMs = (delay ?? 0) + (isLoading ? elapsedMs : 0);
		const isWorthIt =
			delay !== undefined && !isFinal && (!hasFallback || waitMs <= patienceWithFallbackMs);
		// What the server itself asked for is fair.
		const isFair = isLoading || failure.retryAfterMs !== undefined || route === undefined;
		const mayRetry = isWorthIt && (isFair || (await session.context.mayRetry(route)));
		logFailure(options, result, {
			call,
			tries: calls + polls,
			delay: mayRetry ? delay : undefined,
		});
		if (!mayRetry) {
			return {failure: {...failure, message: `${failure.message}${whyFinal(failure, isWorthIt)}`}};
		}

		await wait(options, failure, delay);
	}
}

/** What made a failure that may pass final, where it did not say so itself. */
function whyFinal({retryAfterMs = 0}: Failure, isWorthIt: boolean): string {
	if (isWorthIt) {
		return ' It was asked too often already.';
	}

	return retryAfterMs > maxRetryAfterMs
		? ` It wants to be asked again in ${Math.ceil(retryAfterMs / 60_000)} minutes.`
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
	// The failure itself was told in full.
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
