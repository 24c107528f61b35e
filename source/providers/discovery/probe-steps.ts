import {z} from 'zod';
import {textOf, toolCallsOf, type ChatRequest, type ToolSpec} from '../../core/chat.ts';
import {FailureError} from '../../core/failure.ts';
import {parseJson} from '../../core/json.ts';
import {ok, warning, type Finding} from './finding.ts';
import type {ProbeOptions, ProbeStepName} from './probe-options.ts';
import {checkAuthenticated, lacksModelList, checkReachable} from './probe-health.ts';
import {lookUpModel, withLookupHint, type ModelLookup} from './probe-models.ts';
import {ProviderError, type Health, type Provider} from '../provider.ts';

/** What each step of a probe does. A step fails by throwing. */
export function createProbes(
	provider: Provider,
	chosen: () => Promise<string>,
	options: ProbeOptions,
): Readonly<Record<ProbeStepName, () => Promise<Finding>>> {
	const {signal} = options;
	let health: Health | undefined;
	let lookup: ModelLookup | undefined;
	const withModel = (step: (model: string) => Promise<Finding>) => async () =>
		step(await chosen()).catch((error: unknown) => {
			throw withLookupHint(error, lookup);
		});
	return {
		async reach() {
			health = await provider.health({signal});
			return checkReachable(health);
		},
		authenticate: async () => checkAuthenticated(health),
		async models() {
			const model = await chosen();
			if (lacksModelList(health)) {
				return {...warning('skipped: the server has no model list'), skipped: true};
			}

			lookup = await lookUpModel(provider, model, options);
			return lookup.finding;
		},
		capabilities: withModel(async model =>
			lookup?.isListed === false
				? {...warning(`skipped: the server does not list ${model}`), skipped: true}
				: describe(provider, model, signal),
		),
		answer: withModel(async model => answer(provider, model, options)),
		'tool-call': withModel(async model => callTool(provider, model, options)),
		structured: withModel(async model =>
			provider.type === 'demo'
				? ok('a script that only answers with plans')
				: answerInJson(provider, model, options),
		),
	};
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
	return tools === 'none' ? warning(detail, trainedHint) : ok(detail);
}

async function answer(provider: Provider, model: string, options: ProbeOptions): Promise<Finding> {
	const start = options.now();
	const answered = await ask(provider, options, {
		model,
		system: 'Answer in one short sentence.',
		messages: [{role: 'user', text: 'Say hello.'}],
		maxOutputTokens,
	});
	const {message, usage, firstMs} = answered;
	const restMs = options.now() - start - firstMs;
	const counted = usage.output && restMs > 0 ? (usage.output / restMs) * 1000 : undefined;
	const speed = answered.tokensPerSecond ?? counted;
	const detail = [
		`first token after ${Math.round(firstMs)} ms`,
		...(usage.output === null ? [] : [`${usage.output} tokens`]),
		...(speed === undefined ? [] : [`${speed.toFixed(1)} tokens/s`]),
	].join(', ');
	if (textOf(message).trim() === '') {
		return warning(`${detail}, no text`, 'choose a model that thinks less before it answers');
	}

	return {
		...ok(detail),
		firstTokenMs: Math.round(firstMs),
		...(speed === undefined ? {} : {tokensPerSecond: speed}),
	};
}

async function callTool(
	provider: Provider,
	model: string,
	options: ProbeOptions,
): Promise<Finding> {
	const answered = await ignoreEmptyAnswer(
		ask(provider, options, {
			model,
			system: 'Use the tool to answer.',
			messages: [{role: 'user', text: 'What is the temperature in Oslo?'}],
			tools: [thermometer],
			maxOutputTokens,
		}),
	);
	const [call] = answered === undefined ? [] : toolCallsOf(answered.message);
	if (call === undefined) {
		const what = answered === undefined ? 'empty answer' : 'answered without calling the tool';
		return warning(
			`${what}; agents will write calls as text for the harness to parse: slower and less reliable`,
			trainedHint,
		);
	}

	const isValid = call.name === thermometer.name && typeof call.arguments?.['city'] === 'string';
	return isValid
		? ok(`called ${call.name}(${call.argumentsText})`)
		: warning(
				`called ${call.name} with invalid arguments: ${call.argumentsText}; agents will have to retry calls: slower`,
				trainedHint,
			);
}

async function answerInJson(
	provider: Provider,
	model: string,
	options: ProbeOptions,
): Promise<Finding> {
	const answered = await ignoreEmptyAnswer(
		ask(provider, options, {
			model,
			system: 'Answer in JSON with the fields city and country.',
			messages: [{role: 'user', text: 'What is the capital of Norway?'}],
			output: {name: 'capital', schema: capitalSchema},
			maxOutputTokens,
		}),
	);
	const text = answered === undefined ? '' : textOf(answered.message).trim();
	const value = parseJson(text);
	const mismatch = capital.safeParse(value).success
		? undefined
		: 'the JSON does not match the schema';
	const problem = value === undefined ? 'the answer is not JSON' : mismatch;
	return problem === undefined
		? ok(`answered ${JSON.stringify(value)}`)
		: warning(
				`${problem}; the lead's plans will need repairs and retries: slower and less reliable`,
				'choose another model for the lead',
			);
}

const trainedHint = 'choose a model that is trained to call tools';

/** Room for a model that thinks before it answers. */
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

const capital = z.strictObject({city: z.string(), country: z.string()});

const capitalSchema = {
	type: 'object',
	properties: {city: {type: 'string'}, country: {type: 'string'}},
	required: ['city', 'country'],
	additionalProperties: false,
} as const;

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

/** An empty answer says something about the model; all other failures are the server's. */
async function ignoreEmptyAnswer<Value>(asked: Promise<Value>): Promise<Value | undefined> {
	try {
		return await asked;
	} catch (error) {
		if (error instanceof FailureError && error.kind === 'empty-answer') {
			return undefined;
		}

		throw error;
	}
}
