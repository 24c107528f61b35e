import {textOf, toolCallsOf, type ChatRequest, type ToolSpec} from '../core/chat.ts';
import {toFailure, type Failure} from '../core/failure.ts';
import {chooseModel} from './choose-model.ts';
import {ProviderError, type Provider} from './provider.ts';

/** One thing that was tried. `ms` is how long it took, in milliseconds. */
export type ProbeStep = {
	readonly name: 'reach' | 'models' | 'capabilities' | 'answer' | 'tool-call';
	readonly ms: number;
} & (
	| {readonly outcome: 'ok'; readonly detail: string}
	/** It works, but not as agents need it. */
	| {readonly outcome: 'warning'; readonly detail: string}
	| {readonly outcome: 'failed'; readonly failure: Failure}
);

export type ProbeResult = {
	readonly type: Provider['type'];
	readonly endpoint: string;
	/** `undefined`: it was not found out which one. */
	readonly model: string | undefined;
	/** Whether no step failed; a failed one is the last that was taken. */
	readonly ok: boolean;
	readonly steps: readonly ProbeStep[];
};

export type ProbeOptions = {
	readonly signal: AbortSignal;
	/** A monotonic clock in ms. */
	readonly now: () => number;
	/** Called after each step, so that a command can print as it goes. */
	readonly onStep?: ((step: ProbeStep) => void) | undefined;
	/** See `StreamOptions`. Defaults: 30 s, and 5 min for a server that first loads the model. */
	readonly idleMs?: number | undefined;
	readonly firstByteMs?: number | undefined;
};

/**
 * Tries all that a run needs of a provider: reach it, list its models, say what the model can do,
 * one streamed answer, one tool call. A failed step ends the probe; only an abort throws.
 */
export async function testProvider(
	provider: Provider,
	model: string | undefined,
	options: ProbeOptions,
): Promise<ProbeResult> {
	const {signal, now, onStep} = options;
	const steps: ProbeStep[] = [];
	let name = model;
	const chosen = async () => (name ??= await chooseModel(provider, {signal}));
	const tries: readonly (readonly [ProbeStep['name'], () => Promise<Finding>])[] = [
		['reach', async () => reach(provider, signal)],
		['models', async () => listModels(provider, await chosen(), signal)],
		['capabilities', async () => describe(provider, await chosen(), signal)],
		['answer', async () => answer(provider, await chosen(), options)],
		['tool-call', async () => callTool(provider, await chosen(), options)],
	];

	for (const [step, attempt] of tries) {
		const start = now();
		const finding = await attempt().catch((error: unknown): Finding => {
			signal.throwIfAborted();
			return {outcome: 'failed', failure: toFailure(error)};
		});
		const taken = {name: step, ms: now() - start, ...finding};
		steps.push(taken);
		onStep?.(taken);
		if (finding.outcome === 'failed') {
			break;
		}
	}

	const {type, endpoint} = provider;
	return {type, endpoint, model: name, ok: steps.every(({outcome}) => outcome !== 'failed'), steps};
}

type Finding =
	| {readonly outcome: 'ok' | 'warning'; readonly detail: string}
	| {readonly outcome: 'failed'; readonly failure: Failure};

async function reach(provider: Provider, signal: AbortSignal): Promise<Finding> {
	const health = await provider.health({signal});
	switch (health.state) {
		case 'up':
			return ok(health.version === undefined ? 'it answers' : `version ${health.version}`);
		case 'loading':
			return warning('it is loading its model');
		case 'down':
		case 'unauthorized': {
			const kind = health.state === 'down' ? 'server-down' : 'auth';
			throw new ProviderError(kind, health.message, {hint: health.hint});
		}
	}
}

async function listModels(
	provider: Provider,
	model: string,
	signal: AbortSignal,
): Promise<Finding> {
	const models = await provider.models({signal});
	const count = `${models.length} ${models.length === 1 ? 'model' : 'models'}`;
	return models.some(({id}) => id === model || id === `${model}:latest`)
		? ok(`${count}, ${model} among them`)
		: warning(`${count}, ${model} is not among them`);
}

async function describe(provider: Provider, model: string, signal: AbortSignal): Promise<Finding> {
	const {tools, structuredOutput, contextTokens, parallelCalls} = await provider.capabilities(
		model,
		{signal},
	);
	const detail = [
		`tools: ${tools}`,
		`structured output: ${structuredOutput}`,
		`context: ${contextTokens === null ? 'unknown' : `${contextTokens} tokens`}`,
		...(parallelCalls === null ? [] : [`parallel calls: ${parallelCalls}`]),
	].join(', ');
	return tools === 'none' ? warning(detail) : ok(detail);
}

async function answer(provider: Provider, model: string, options: ProbeOptions): Promise<Finding> {
	const start = options.now();
	const {message, usage, firstMs} = await ask(provider, options, {
		model,
		system: 'Answer in one short sentence.',
		messages: [{role: 'user', text: 'Say hello.'}],
		maxOutputTokens,
	});
	const rest = options.now() - start - firstMs;
	const count =
		usage.output === null ? '' : `, ${usage.output} tokens in ${Math.round(rest)} ms more`;
	const detail = `first token after ${Math.round(firstMs)} ms${count}`;
	return textOf(message).trim() === '' ? warning(`${detail}, no text`) : ok(detail);
}

async function callTool(
	provider: Provider,
	model: string,
	options: ProbeOptions,
): Promise<Finding> {
	const {message} = await ask(provider, options, {
		model,
		system: 'Use the tool to answer.',
		messages: [{role: 'user', text: 'What is the temperature in Oslo?'}],
		tools: [thermometer],
		maxOutputTokens,
	});
	const [call] = toolCallsOf(message);
	if (call === undefined) {
		return warning('it answered without calling the tool');
	}

	const isRight = call.name === thermometer.name && typeof call.arguments?.['city'] === 'string';
	return isRight
		? ok(`called ${call.name}(${call.argumentsText})`)
		: warning(`called ${call.name} with unfit arguments: ${call.argumentsText}`);
}

/** Room for a model that thinks before it speaks. */
const maxOutputTokens = 2048;

const thermometer: ToolSpec = {
	name: 'temperature',
	description: 'The temperature in a city right now.',
	input: {
		type: 'object',
		properties: {city: {type: 'string'}},
		required: ['city'],
		additionalProperties: false,
	},
};

async function ask(provider: Provider, options: ProbeOptions, request: ChatRequest) {
	const {signal, now, idleMs = 30_000, firstByteMs = 300_000} = options;
	const start = now();
	let firstMs: number | undefined;
	for await (const event of provider.stream(request, {signal, idleMs, firstByteMs, retry: 0})) {
		if (event.type === 'finished') {
			return {...event.answer, firstMs: firstMs ?? now() - start};
		}

		firstMs ??= event.type === 'progress' ? undefined : now() - start;
	}

	throw new ProviderError('stream-truncated', `${provider.endpoint} gave no answer.`);
}

const ok = (detail: string): Finding => ({outcome: 'ok', detail});
const warning = (detail: string): Finding => ({outcome: 'warning', detail});
