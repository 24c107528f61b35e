import {
	answerSchema,
	toolCallsOf,
	type Answer,
	type AssistantMessage,
	type ChatRequest,
	type Usage,
} from '../../core/chat.ts';
import {FailureError, toFailure, type Failure} from '../../core/failure.ts';
import {parseJson} from '../../core/json.ts';
import {createStreamRedactor, redactTexts} from '../../core/redact.ts';
import {createRepeatDetector} from '../../core/repeat-detector.ts';
import {sanitizeLine, shorten} from '../../core/text.ts';
import {withFreshIds} from './call-ids.ts';
import type {Connection} from './connection.ts';
import {createMeter, saneUsage, type Meter} from './usage-meter.ts';
import type {ModelCallerOptions} from './model-call.ts';

/** One request, as it is sent. */
export type OutgoingRequest = {
	readonly id: string;
	readonly request: ChatRequest;
	readonly hash: string;
	readonly turn: number;
	/** How often it was sent before. */
	readonly retry: number;
	/** Ids of calls that were given in this session before. */
	readonly givenIds: Set<string>;
};

/** What a call came to. `usage`: what a failed one used all the same. */
export type RequestOutcome =
	{readonly answer: Answer} | {readonly failure: Failure; readonly usage: Usage | undefined};

/** Sends a request within the budget and hears the answer; the log tells of both. */
export async function sendRequest(
	options: ModelCallerOptions,
	connection: Connection,
	{request, ...sent}: OutgoingRequest,
): Promise<RequestOutcome> {
	const {context, profile, session} = options;
	const {model, price, provider} = connection;
	const estimate = context.models.estimateFor(model);
	const reservation = await context.reserve({
		input: estimate.estimate(request),
		maxOutput: request.maxOutputTokens,
		price,
		model,
	});
	const {held, maxOutputTokens} = reservation;
	context.emit({
		type: 'model-call-started',
		agent: profile.name,
		...session,
		call: sent.id,
		turn: sent.turn,
		request: sent.hash,
		reserved: held.tokens,
		...(held.usd > 0 ? {reservedUsd: held.usd} : {}),
		provider: provider.type,
		model,
	});
	try {
		const result = await receiveAnswer(options, connection, {
			...sent,
			request: {...request, maxOutputTokens},
		});
		if ('answer' in result) {
			estimate.learn(request, result.answer.usage);
		}

		return result;
	} finally {
		reservation.settle();
	}
}

async function receiveAnswer(
	options: ModelCallerOptions,
	connection: Connection,
	sent: OutgoingRequest,
): Promise<RequestOutcome> {
	const {context, clock, profile, session} = options;
	const {request, hash, id, retry} = sent;
	const start = clock.monotonic();
	const meter = createMeter(context.models.estimateFor(connection.model).estimate(request));
	const heard = await readStream(options, connection, {request, retry, meter}).catch(
		(error: unknown): Extract<RequestOutcome, {failure: Failure}> => {
			const firstLine = error instanceof FailureError ? error.usage : undefined;
			const usage = firstLine ? saneUsage(firstLine) : meter.usage(context.turns.signal().aborted);
			return {failure: toFailure(error), usage};
		},
	);
	if ('failure' in heard) {
		logAborted(options, connection, sent, heard.usage);
		context.signal.throwIfAborted();
		return heard;
	}

	const counted = meter.counted(heard);
	const answer = readAnswer(options, connection, counted, sent);
	if (!answer) {
		const message = `the answer of ${connection.model} could not be read: it is nested too deep`;
		return {failure: {kind: 'bad-call', message}, usage: counted.usage};
	}

	const usd = connection.price(answer.usage);
	context.emit({
		type: 'model-call-finished',
		agent: profile.name,
		...session,
		call: id,
		request: hash,
		model: answer.model,
		answer: context.keepBlob(JSON.stringify(answer)),
		stopReason: answer.stopReason,
		usage: answer.usage,
		...(usd === undefined ? {} : {usd}),
		durationMs: Math.round(clock.monotonic() - start),
		...said(answer, context.redact),
	});
	return {answer};
}

/** The answer as it is kept; `undefined` for what no program can take apart. */
function readAnswer(
	{read, context}: ModelCallerOptions,
	{callsPerAnswer}: Connection,
	answer: Answer,
	sent: OutgoingRequest,
): Answer | undefined {
	try {
		const meant = read?.(answer, sent.request) ?? answer;
		const fitting = callsPerAnswer === 'one' ? withOneCall(meant) : meant;
		return withoutSecrets(withFreshIds(fitting, sent), context.redact);
	} catch (error) {
		if (error instanceof RangeError) {
			return undefined;
		}

		throw error;
	}
}

/** An attempt that was ended has nobody to log its call, which is paid for all the same. */
function logAborted(
	{context, profile, session}: ModelCallerOptions,
	{model, price}: Connection,
	{id, hash, retry}: OutgoingRequest,
	usage: Usage | undefined,
): void {
	if (!context.signal.aborted) {
		return;
	}

	const usd = usage && price(usage);
	context.emit({
		type: 'model-call-failed',
		agent: profile.name,
		...session,
		call: id,
		failure: {kind: 'cancelled', message: 'the attempt was ended'},
		try: retry + 1,
		request: hash,
		model,
		...(usage ? {usage} : {}),
		...(usd === undefined ? {} : {usd}),
	});
}

function withoutSecrets(answer: Answer, redact: (text: string) => string): Answer {
	return answerSchema.parse(redactTexts(parseJson(JSON.stringify(answer)) ?? null, redact));
}

/** What a model is shown of its past may hold one call an answer only, so it may make no more. */
function withOneCall(answer: Answer): Answer {
	const [first] = toolCallsOf(answer.message);
	const parts = answer.message.parts.filter(part => part.kind !== 'tool-call' || part === first);
	const message: AssistantMessage = {...answer.message, parts};
	return {...answer, message};
}

async function readStream(
	caller: ModelCallerOptions,
	connection: Connection,
	{
		request,
		retry,
		meter,
	}: {readonly request: ChatRequest; readonly retry: number; readonly meter: Meter},
): Promise<Answer> {
	const {context, profile} = caller;
	const busy = reportBusy(caller, connection);
	const {firstByteMs, idleMs, provider} = connection;
	const options = {signal: context.turns.signal(), idleMs, firstByteMs, retry};
	const redactors = {
		text: createStreamRedactor(context.redact),
		thinking: createStreamRedactor(context.redact),
	};
	const repeats = {text: createRepeatDetector(), thinking: createRepeatDetector()};
	const show = (kind: 'text' | 'thinking', text: string) => {
		if (text !== '') {
			context.stream({agent: profile.name, kind, text});
		}
	};
	for await (const event of provider.stream(request, options)) {
		if (event.type === 'progress') {
			busy.say(event.phase);
			continue;
		}

		busy.end();
		meter.hear(event);
		if (event.type === 'finished') {
			show('thinking', redactors.thinking.end());
			show('text', redactors.text.end());
			return event.answer;
		}

		if (event.type === 'text-delta' || event.type === 'thinking-delta') {
			const kind = event.type === 'text-delta' ? 'text' : 'thinking';
			show(kind, redactors[kind].push(event.text));
			endIfRepeating(repeats[kind].push(event.text));
		}
	}

	throw new FailureError('stream-truncated', `${provider.type} ended its answer without a result`);
}

/** Tells, once each, that a local server is busy with something else before it answers. */
function reportBusy({context, profile, session}: ModelCallerOptions, {model}: Connection) {
	const who = {agent: profile.name, ...session};
	let told: string | undefined;
	return {
		say(phase: 'queued' | 'loading' | 'prompt') {
			if (phase === 'prompt' || phase === told) {
				return;
			}

			told = phase;
			context.emit(
				phase === 'loading'
					? {
							type: 'agent-waiting',
							...who,
							for: 'server-loading',
							detail: `${model} is being loaded`,
						}
					: {type: 'agent-waiting', ...who, for: 'slot', detail: `${model} serves others first`},
			);
		},
		end() {
			if (told !== undefined) {
				told = undefined;
				context.emit({type: 'agent-resumed', ...who});
			}
		},
	};
}

function endIfRepeating(excerpt: string | undefined): void {
	if (excerpt !== undefined) {
		throw new FailureError('output-cut', `the model repeated itself without end: ${excerpt}`);
	}
}

function said({message}: Answer, redact: (text: string) => string): {said?: string} {
	const text = message.parts.find(part => part.kind === 'text')?.text ?? '';
	const line = sanitizeLine(text.trim().split('\n', 1)[0] ?? '');
	return line === '' ? {} : {said: redact(shorten(line, 200))};
}
