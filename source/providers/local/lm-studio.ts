import type {ChatRequest} from '../../core/chat.ts';
import {healthFrom, ifSupported, type Ask} from '../transport/ask.ts';
import {endpointFailure} from '../failures/classify.ts';
import {createConcessions} from '../transport/concessions.ts';
import {endpointOf, requireKey} from '../transport/endpoint.ts';
import type {Fetch} from '../transport/fetch.ts';
import {loadModel} from './lm-studio-load.ts';
import {
	findModel,
	listLmStudioModels,
	areSameModel,
	unknownCapabilities,
	type LmStudioModel,
} from './lm-studio-models.ts';
import {streamOpenAiChat, type ServedModel} from '../openai/chat.ts';
import {
	ProviderError,
	type Provider,
	type ProviderSettings,
	type StreamEvent,
	type StreamOptions,
} from '../provider.ts';
import {createSingleFlight} from './single-flight.ts';

/**
 * LM Studio. Chat uses chat completions, since the native API does not accept our tools. A model
 * that is not loaded is loaded by its first call with LM Studio's default context size; for a
 * custom size, we load it first. Nothing is ever unloaded. https://lmstudio.ai/docs/developer/rest
 */
export function createLmStudioProvider(
	settings: ProviderSettings,
	{fetch}: {readonly fetch: Fetch},
): Provider {
	const endpoint = endpointOf(settings);
	const concessions = createConcessions();
	const {contextTokens: wanted} = settings;
	const preparations = new Map<string, Preparation>();

	const prepare = (name: string, {firstByteMs}: StreamOptions): Preparation => {
		const known = preparations.get(name);
		if (known !== undefined) {
			return known;
		}

		const askAs = (signal: AbortSignal): Ask => ({
			fetch,
			endpoint: {...endpoint, model: name},
			signal,
		});
		const list = createSingleFlight(
			async signal =>
				(await ifSupported(listLmStudioModels(askAs(signal)))) ?? {models: [], canLoad: false},
		);
		const serve = createSingleFlight(async signal => {
			const {models, canLoad} = await list(signal);
			const context = canLoad ? contextToLoad(findModel(name, models), name, wanted) : undefined;
			const servedAs =
				typeof context === 'number'
					? await loadModel(askAs(signal), name, context, firstByteMs)
					: (context ?? name);
			const names = [name, servedAs];
			return {
				servedAs,
				isRequested: (answered: string) => names.some(own => areSameModel(own, answered, models)),
			};
		});
		const preparation = {
			isLoaded: async (signal: AbortSignal) => {
				const {models} = await list(signal);
				return findModel(name, models)?.loaded ?? true;
			},
			serve,
		};
		preparations.set(name, preparation);
		return preparation;
	};

	async function* stream(
		request: ChatRequest,
		options: StreamOptions,
	): AsyncGenerator<StreamEvent> {
		const {signal} = options;
		const target = {...endpoint, model: request.model};
		requireKey(target);
		const isFirst = !preparations.has(request.model);
		const preparation = prepare(request.model, options);
		let served: ServedModel;
		try {
			if (isFirst && !(await preparation.isLoaded(signal))) {
				yield {type: 'progress', phase: 'loading'};
			}

			served = await preparation.serve(signal);
		} catch (error) {
			throw signal.aborted ? endpointFailure(target, 'cancelled') : error;
		}

		try {
			yield* streamOpenAiChat(fetch, endpoint, request, options, {...served, concessions});
		} catch (error) {
			const isGone = error instanceof ProviderError && error.kind === 'model-missing';
			if (isGone && preparations.get(request.model) === preparation) {
				// It was unloaded: look it up again on the next call.
				preparations.delete(request.model);
			}

			throw error;
		}
	}

	return {
		type: 'lmstudio',
		endpoint: endpoint.url,
		health: async ({signal}) =>
			healthFrom(listLmStudioModels({fetch, endpoint, signal}).then(() => undefined)),
		async models({signal}) {
			const {models} = await listLmStudioModels({fetch, endpoint, signal});
			return models.map(({id, loaded}) => ({id, loaded}));
		},
		async capabilities(name, {signal}) {
			const ask = {fetch, endpoint: {...endpoint, model: name}, signal};
			const {models, canLoad} = await listLmStudioModels(ask);
			const model = findModel(name, models);
			const context = canLoad ? contextToLoad(model, name, wanted) : undefined;
			const known = model?.capabilities ?? unknownCapabilities;
			return typeof context === 'number' ? {...known, contextTokens: context} : known;
		},
		concessions: () => [...concessions.made],
		stream,
	};
}

type Preparation = {
	readonly isLoaded: (signal: AbortSignal) => Promise<boolean>;
	/** Loads the model if necessary. */
	readonly serve: (signal: AbortSignal) => Promise<ServedModel>;
};

/**
 * How to get the context size that the person wants: tokens to load the model with, or the instance
 * that has enough; `undefined` if no size is set, or if the person named an instance.
 */
function contextToLoad(
	model: LmStudioModel | undefined,
	name: string,
	wanted: number | undefined,
): number | string | undefined {
	const isInstance =
		model?.id !== name && model?.instances.some(instance => instance.id === name) === true;
	if (model === undefined || wanted === undefined || isInstance) {
		return undefined;
	}

	const tokens = Math.min(wanted, model.maxContextTokens ?? Infinity);
	return model.instances.find(({contextTokens = 0}) => contextTokens >= tokens)?.id ?? tokens;
}
