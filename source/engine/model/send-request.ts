import {
	answerSchema,
	toolCallsOf,
	type Answer,
	type AssistantMessage,
	type ChatRequest,
	type Usage,
} from '../../core/chat.ts';
import {FailureError, toFailure, type Failure, type FailureLesson} from '../../core/failure.ts';
import {parseJson} from '../../core/json.ts';
import {createStreamRedactor, redactTexts} from '../../core/redact.ts';
import {createRepeatDetector} from '../../core/repeat-detector.ts';
import {sanitizeLine, shorten} from '../../core/text.ts';
import {withUniqueIds} from './call-ids.ts';
import type {Admission} from '../attempt/attempt-context.ts';
import type {Connection} from './connection.ts';
import {createMeter, sanitizeUsage, type Meter} from './usage-meter.ts';
import type {ModelCallerOptions} from './model-call.ts';

/** One admitted request. */
export type OutgoingRequest = {
	readonly id: string;
	readonly request: ChatRequest;
	readonly admission: Admission;
	readonly hash: string;
	readonly turn: number;
	/** Number of earlier tries. */
	readonly retry: number;
	/** Ids of tool calls already used in this session. */
	readonly usedIds: Set<string>;
};

/** How a request ended; failed requests may have used tokens, too. */
export type RequestOutcome =
	| {readonly answer: Answer}
	| {
			readonly failure: Failure;
			readonly usage: Usage | undefined;
			readonly lesson?: FailureLesson | undefined;
	  };

/** Sends an admitted request and receives the answer; logs both. */
export async function sendRequest(
	options: ModelCallerOptions,
	connection: Connection,
	{request, ...outgoing}: OutgoingRequest,
): Promise<RequestOutcome> {
	const {models, session} = options;
	const {model, provider} = connection;
	const {held, maxOutputTokens} = outgoing.admission;
	session.emit({
		type: 'model-call-started',
		call: outgoing.id,
		turn: outgoing.turn,
		request: outgoing.hash,
		reserved: held.tokens,
		...(held.usd > 0 ? {reservedUsd: held.usd} : {}),
		provider: provider.type,
		model,
	});
	await session.barrier();
	const admitted = {...outgoing, request: {...request, maxOutputTokens}};
	const result = await receiveAnswer(options, connection, admitted);
	if ('answer' in result) {
		models.estimateFor(model).learn(request, result.answer.usage);
	}

	return result;
}

async function receiveAnswer(
	options: ModelCallerOptions,
	connection: Connection,
	outgoing: OutgoingRequest,
): Promise<RequestOutcome> {
	const {clock, models, session} = options;
	const {request, hash, id, retry} = outgoing;
	const start = clock.monotonic();
	const meter = createMeter(models.estimateFor(connection.model).estimate(request));
	const received = await readStream(options, connection, {request, retry, meter}).catch(
		(error: unknown): Answer | Extract<RequestOutcome, {failure: Failure}> => {
			const {usage: reported, lesson} =
				error instanceof FailureError ? error : {usage: undefined, lesson: undefined};
			if (lesson?.generated) {
				return answerOf(lesson.generated, connection);
			}

			const usage = reported
				? sanitizeUsage(reported)
				: meter.usage(session.turns.signal().aborted);
			return {failure: toFailure(error), usage, lesson};
		},
	);
	if ('failure' in received) {
		logAborted(options, connection, outgoing, received.usage);
		session.signal.throwIfAborted();
		return received;
	}

	const counted = meter.counted(received);
	const answer = normalizeAnswer(options, connection, counted, outgoing);
	if (!answer) {
		const message = `the answer of ${connection.model} could not be read: it is nested too deep`;
		return {failure: {kind: 'bad-call', message}, usage: counted.usage};
	}

	const usd = connection.price(answer.usage);
	session.emit({
		type: 'model-call-finished',
		call: id,
		request: hash,
		model: answer.model,
		answer: session.keepBlob(JSON.stringify(answer)),
		stopReason: answer.stopReason,
		usage: answer.usage,
		...(usd === undefined ? {} : {usd}),
		durationMs: Math.round(clock.monotonic() - start),
		...firstLineOf(answer, session.redact),
	});
	return {answer};
}

/** What the model said, which its server could not make a call of: the call may still be readable. */
function answerOf(text: string, {provider, model}: Connection): Answer {
	return {
		message: {
			role: 'assistant',
			parts: [{kind: 'text', text}],
			origin: {provider: provider.type, model},
		},
		stopReason: 'end',
		usage: {
			input: null,
			cacheRead: null,
			cacheWrite: null,
			output: null,
			reasoning: null,
			estimated: true,
		},
		model,
	};
}

/** The answer in the form that is logged; `undefined` if it is nested too deeply to process. */
function normalizeAnswer(
	{read, session}: ModelCallerOptions,
	{callsPerAnswer}: Connection,
	answer: Answer,
	outgoing: OutgoingRequest,
): Answer | undefined {
	try {
		const meant = read?.(answer, outgoing.request) ?? answer;
		const fitting = callsPerAnswer === 'one' ? withOneCall(meant) : meant;
		return withoutSecrets(withUniqueIds(fitting, outgoing), session.redact);
	} catch (error) {
		if (error instanceof RangeError) {
			return undefined;
		}

		throw error;
	}
}

/** Logs the cost of a call whose attempt was aborted: its caller no longer does. */
function logAborted(
	{session}: ModelCallerOptions,
	{model, price}: Connection,
	{id, hash, retry}: OutgoingRequest,
	usage: Usage | undefined,
): void {
	if (!session.signal.aborted) {
		return;
	}

	const usd = usage && price(usage);
	session.emit({
		type: 'model-call-failed',
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

/** For models whose history may contain only one call per answer. */
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
	const {session} = caller;
	const busy = reportBusy(caller, connection);
	const {firstByteMs, idleMs, provider} = connection;
	const options = {signal: session.turns.signal(), idleMs, firstByteMs, retry};
	const redactors = {
		text: createStreamRedactor(session.redact),
		thinking: createStreamRedactor(session.redact),
	};
	const repeats = {text: createRepeatDetector(), thinking: createRepeatDetector()};
	const show = (kind: 'text' | 'thinking', text: string) => {
		if (text !== '') {
			session.context.stream({agent: session.agent, kind, text});
		}
	};
	for await (const event of provider.stream(request, options)) {
		if (event.type === 'progress') {
			busy.say(event.phase);
			continue;
		}

		busy.end();
		meter.record(event);
		if (event.type === 'finished') {
			show('thinking', redactors.thinking.end());
			show('text', redactors.text.end());
			return event.answer;
		}

		if (event.type === 'text-delta' || event.type === 'thinking-delta') {
			const kind = event.type === 'text-delta' ? 'text' : 'thinking';
			show(kind, redactors[kind].push(event.text));
			throwIfRepeating(repeats[kind].push(event.text));
		}
	}

	throw new FailureError('stream-truncated', `${provider.type} ended its answer without a result`);
}

/** Logs once per phase that a local server is loading or serving other requests. */
function reportBusy({session}: ModelCallerOptions, {model}: Connection) {
	let told: string | undefined;
	return {
		say(phase: 'queued' | 'loading' | 'prompt') {
			if (phase === 'prompt' || phase === told) {
				return;
			}

			told = phase;
			session.emit(
				phase === 'loading'
					? {
							type: 'agent-waiting',
							for: 'server-loading',
							detail: `${model} is loading`,
						}
					: {type: 'agent-waiting', for: 'slot', detail: `${model} is serving other requests`},
			);
		},
		end() {
			if (told !== undefined) {
				told = undefined;
				session.emit({type: 'agent-resumed'});
			}
		},
	};
}

function throwIfRepeating(excerpt: string | undefined): void {
	if (excerpt !== undefined) {
		throw new FailureError('output-cut', `the model repeated itself without end: ${excerpt}`);
	}
}

function firstLineOf({message}: Answer, redact: (text: string) => string): {said?: string} {
	const text = message.parts.find(part => part.kind === 'text')?.text ?? '';
	const line = sanitizeLine(text.trim().split('\n', 1)[0] ?? '');
	return line === '' ? {} : {said: redact(shorten(line, 200))};
}
