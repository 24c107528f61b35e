import {createHash} from 'node:crypto';
import {answerSchema, type Answer, type ChatRequest} from '../core/chat.ts';
import type {Clock, Random} from '../core/clock.ts';
import {FailureError, toFailure, type Failure} from '../core/failure.ts';
import {canonicalJson, parseJson} from '../core/json.ts';
import {createStreamRedactor} from '../core/redact.ts';
import {retryDelay} from '../core/retry.ts';
import type {WaitReason} from '../core/run-event.ts';
import type {AgentProfile} from '../core/settings.ts';
import {sanitizeLine, shorten} from '../core/text.ts';
import type {ModelCaller} from '../agents/agent.ts';
import type {Provider} from '../providers/provider.ts';
import type {AttemptContext} from './attempt-context.ts';
import type {SessionKey} from './journal.ts';
import {turnInterrupted} from './turns.ts';

/** A provider that is ready for calls, with what is known of the model. */
export type Connection = {
	readonly provider: Provider;
	readonly model: string;
	/** Calls that the endpoint serves at once. */
	readonly parallelCalls: number;
	readonly maxOutputTokens: number;
	/** Longest silence before the first chunk and between chunks, in ms. */
	readonly firstByteMs: number;
	readonly idleMs: number;
};

/** Connects to the model of an agent; the same profile gives the same connection. */
export type Connect = (profile: AgentProfile, signal: AbortSignal) => Promise<Connection>;

export type ModelCallerOptions = {
	readonly profile: AgentProfile;
	readonly session: SessionKey;
	readonly connect: Connect;
	readonly context: AttemptContext;
	readonly clock: Clock;
	readonly random: Random;
};

/**
 * The one place where model calls are made, waited for, retried and paid: a logged answer is given
 * again; else gate, reservation, log, stream, log; a failure that may pass is tried again with full
 * jitter. Throws `FailureError` when it is final, `cancelled` when the person ended the turn.
 */
export function createModelCaller(options: ModelCallerOptions): ModelCaller {
	const {context, profile, session} = options;
	return async (partial, turn) => {
		const connection = await options.connect(profile, context.turns.signal());
		const request: ChatRequest = {
			...partial,
			model: connection.model,
			maxOutputTokens: connection.maxOutputTokens,
		};
		// Without the limit on the answer, which servers and budgets change from one process to the next.
		const asked = {...partial, model: connection.model};
		const hash = createHash('sha256').update(canonicalJson(asked)).digest('hex');
		const logged = await readAnswer(context, session, hash);
		if (logged) {
			return logged;
		}

		if (context.turns.interrupted(turn)) {
			throw new FailureError('cancelled', turnInterrupted);
		}

		if (turn <= context.journal.answeredTurns(session)) {
			throw new FailureError(
				'internal',
				'it cannot go on where it was, because what agents are told has changed since',
			);
		}

		for (let made = 1; ; made++) {
			const result = await callOnce(options, connection, {request, hash, turn, made});
			if ('answer' in result) {
				return result.answer;
			}

			const {failure, delay} = result;
			if (delay === undefined) {
				throw new FailureError(failure.kind, failure.message, failure);
			}

			await wait(options, waitReason(failure), failure.message, delay);
		}
	};
}

type Try = {
	readonly request: ChatRequest;
	readonly hash: string;
	readonly turn: number;
	/** Which call of this request it is, from 1. */
	readonly made: number;
};

async function callOnce(
	options: ModelCallerOptions,
	connection: Connection,
	{request, hash, turn, made}: Try,
): Promise<{answer: Answer} | {failure: Failure; delay: number | undefined}> {
	const {context, clock, profile, session} = options;
	const scope = {agent: profile.name, ...session};
	const call = `${session.subtask ?? 'plan'}.${session.attempt ?? 0}.${turn}.${hash.slice(0, 8)}`;
	const leave = await enterGate(options, connection);
	try {
		const reservation = await context.reserve(estimateTokens(request), request.maxOutputTokens);
		context.emit({
			type: 'model-call-started',
			...scope,
			call,
			turn,
			request: hash,
			reserved: reservation.tokens,
		});
		const start = clock.monotonic();
		try {
			const {maxOutputTokens} = reservation;
			const heard = await listen(options, connection, {...request, maxOutputTokens}, made - 1);
			const text = context.redact(JSON.stringify(heard));
			const answer = answerSchema.parse(JSON.parse(text));
			context.emit({
				type: 'model-call-finished',
				...scope,
				call,
				request: hash,
				model: answer.model,
				answer: context.keepBlob(text),
				stopReason: answer.stopReason,
				usage: answer.usage,
				durationMs: Math.round(clock.monotonic() - start),
				...said(answer),
			});
			context.reached.add(connection.provider.endpoint);
			return {answer};
		} catch (error) {
			context.signal.throwIfAborted();
			const cut = context.turns.signal().aborted;
			const failure: Failure = cut
				? {kind: 'cancelled', message: turnInterrupted}
				: toFailure(error);
			// A server that has answered before and is gone may be starting again.
			const came = context.reached.has(connection.provider.endpoint);
			const kind = failure.kind === 'server-down' && came ? 'transient' : failure.kind;
			const delay = cut ? undefined : retryDelay({...failure, kind}, made, options.random());
			context.emit({
				type: 'model-call-failed',
				...scope,
				call,
				failure,
				try: made,
				...(delay === undefined ? {} : {retryInMs: delay}),
			});
			return {failure, delay};
		} finally {
			reservation.settle();
		}
	} finally {
		leave();
	}
}

async function listen(
	{context, profile}: ModelCallerOptions,
	connection: Connection,
	request: ChatRequest,
	retry: number,
): Promise<Answer> {
	const {firstByteMs, idleMs, provider} = connection;
	const options = {signal: context.turns.signal(), idleMs, firstByteMs, retry};
	const redactors = {
		text: createStreamRedactor(context.redact),
		thinking: createStreamRedactor(context.redact),
	};
	const show = (kind: 'text' | 'thinking', text: string) => {
		if (text !== '') {
			context.stream({agent: profile.name, kind, text});
		}
	};
	for await (const event of provider.stream(request, options)) {
		if (event.type === 'finished') {
			show('thinking', redactors.thinking.end());
			show('text', redactors.text.end());
			return event.answer;
		}

		if (event.type === 'text-delta' || event.type === 'thinking-delta') {
			const kind = event.type === 'text-delta' ? 'text' : 'thinking';
			show(kind, redactors[kind].push(event.text));
		}
	}

	throw new FailureError('stream-truncated', `${provider.type} ended its answer without a result`);
}

async function readAnswer(
	context: AttemptContext,
	session: SessionKey,
	hash: string,
): Promise<Answer | undefined> {
	const payload = context.journal.answer(session, hash);
	const text = payload === undefined ? undefined : await context.read(payload);
	return text === undefined ? undefined : answerSchema.safeParse(parseJson(text)).data;
}

async function enterGate(options: ModelCallerOptions, connection: Connection): Promise<() => void> {
	const {context, profile, session} = options;
	let waited = false;
	const leave = await context.gate(connection.provider.endpoint, connection.parallelCalls, () => {
		waited = true;
		context.emit({
			type: 'agent-waiting',
			agent: profile.name,
			...session,
			for: 'slot',
			detail: `${connection.provider.type} serves ${connection.parallelCalls} at once`,
		});
	});
	if (waited) {
		context.emit({type: 'agent-resumed', agent: profile.name, ...session});
	}

	return leave;
}

async function wait(
	{context, clock, profile, session}: ModelCallerOptions,
	reason: WaitReason,
	detail: string,
	ms: number,
): Promise<void> {
	const scope = {agent: profile.name, ...session};
	const until = new Date(clock.now() + ms).toISOString();
	context.emit({type: 'agent-waiting', ...scope, for: reason, detail, until});
	await clock.sleep(ms, context.turns.signal());
	context.emit({type: 'agent-resumed', ...scope});
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

/** Tokens of a request before the server has counted them: about 3.5 characters each. */
function estimateTokens({system, messages, tools}: ChatRequest): number {
	return Math.ceil((system.length + JSON.stringify({messages, tools}).length) / 3.5);
}

function said({message}: Answer): {said?: string} {
	const text = message.parts.find(part => part.kind === 'text')?.text ?? '';
	const line = sanitizeLine(text.trim().split('\n', 1)[0] ?? '');
	return line === '' ? {} : {said: shorten(line, 200)};
}
