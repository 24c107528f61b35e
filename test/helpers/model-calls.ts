import type {Answer, ChatRequest} from '../../source/core/chat.ts';
import type {RunEvent} from '../../source/core/run-event.ts';
import type {AgentProfile} from '../../source/core/settings.ts';
import type {Limits} from '../../source/engine/model/budget.ts';
import type {Connection} from '../../source/engine/model/connection.ts';
import {createHistory} from '../../source/engine/log/history.ts';
import {createEndpoints, type Endpoints} from '../../source/engine/model/endpoints.ts';
import {createModelMemory, type ModelMemory} from '../../source/engine/model/model-memory.ts';
import type {ModelCallerOptions} from '../../source/engine/model/model-call.ts';
import {createModelCaller} from '../../source/engine/model/model-caller.ts';
import type {Recorder} from '../../source/engine/log/recorder.ts';
import type {Provider, StreamOptions} from '../../source/providers/provider.ts';
import {contextParts, openTestSession} from './context-parts.ts';
import {createTestRecorder} from './fake-recorder.ts';
import {quickClock} from './run-parts.ts';

/** An answer of a model that says hello. */
export const hello: Answer = {
	message: {
		role: 'assistant',
		parts: [{kind: 'text', text: 'Hello'}],
		origin: {provider: 'openai', model: 'm'},
	},
	stopReason: 'end',
	usage: {
		input: 10,
		cacheRead: null,
		cacheWrite: null,
		output: 5,
		reasoning: null,
		estimated: false,
	},
	model: 'm-1',
};

/** The shortest request. */
export const request = {system: 's', messages: [{role: 'user', text: 'hi'}]} as const;

/** What a model answers to its n-th call, from 1. */
export type Say = (call: number, options: StreamOptions, request: ChatRequest) => Answer | Error;

/** A provider of which a test says what it answers. */
export function providerThat(
	say: Say,
	parts: Partial<Provider> = {},
): {provider: Provider; calls: () => number} {
	let calls = 0;
	const provider: Provider = {
		type: 'openai',
		endpoint: 'http://127.0.0.1:1',
		health: async () => ({state: 'up'}),
		models: async () => [],
		capabilities: async () => ({
			tools: 'native',
			structuredOutput: 'enforced',
			contextTokens: null,
			maxOutputTokens: null,
			parallelCalls: null,
		}),
		async *stream(request, options) {
			calls += 1;
			const said = say(calls, options, request);
			if (said instanceof Error) {
				throw said;
			}

			yield {type: 'text-delta', text: 'Hello'};
			yield {type: 'finished', answer: said};
		},
		...parts,
	};
	return {provider, calls: () => calls};
}

/** A connection to a provider, of which nothing more is known. */
export function connectionTo(provider: Provider, fields: Partial<Connection> = {}): Connection {
	return {
		provider,
		model: 'm',
		parallelCalls: 1,
		callsPerAnswer: 'many',
		toolMode: {tools: 'native', grammar: false},
		isSmall: false,
		contextTokens: null,
		price: () => undefined,
		maxOutputTokens: 1_000,
		firstByteMs: 1_000,
		idleMs: 1_000,
		...fields,
	};
}

export type CallerOptions = {
	readonly past?: readonly RunEvent[];
	readonly redact?: (text: string) => string;
	readonly limit?: number;
	readonly limits?: Partial<Limits>;
	readonly onSleep?: () => void;
	readonly profile?: Partial<AgentProfile>;
	readonly connect?: ModelCallerOptions['connect'];
	readonly read?: ModelCallerOptions['read'];
	/** Whose endpoints it shares. */
	readonly endpoints?: Endpoints;
	/** Whose memory of models it shares. */
	readonly models?: ModelMemory;
};

/** A model caller over a recorder, whose clock goes by only where it waits. */
export async function callerOver(
	recorder: Recorder,
	provider: Provider,
	options: CallerOptions = {},
) {
	const waits: number[] = [];
	const heard: string[] = [];
	let slept = 0;
	const clock = {
		...quickClock,
		monotonic: () => slept,
		async sleep(ms: number, signal: AbortSignal) {
			waits.push(ms);
			slept += ms;
			options.onSleep?.();
			signal.throwIfAborted();
		},
	};
	const parts = contextParts(recorder, {
		clock,
		history: createHistory(options.past ?? []),
		limits: {maxTokens: options.limit ?? null, ...options.limits},
		endpoints: options.endpoints ?? createEndpoints(clock),
		stream: ({text}) => heard.push(text),
	});
	const session = await openTestSession(parts, options.redact);
	const models = options.models ?? createModelMemory();
	const call = createModelCaller({
		profile: {name: 'teammate-1', provider: 'openai', model: 'm', ...options.profile},
		session,
		connect: options.connect ?? (async () => connectionTo(provider)),
		models,
		clock,
		random: () => 0.5,
		read: options.read,
	});
	return {call, waits, heard, parts, session, models};
}

/** A model caller at the start of a run, with all that it logs. */
export async function setUpCaller(say: Say, options: CallerOptions = {}) {
	const recorder = await createTestRecorder();
	const events: RunEvent[] = [];
	recorder.subscribe(event => events.push(event));
	const {provider, calls} = providerThat(say);
	return {recorder, events, calls, ...(await callerOver(recorder, provider, options))};
}
