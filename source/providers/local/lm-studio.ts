import type {ChatRequest} from '../../core/chat.ts';
import {healthFrom, ifKnown, type Ask} from '../transport/ask.ts';
import {failureAt} from '../failures/classify.ts';
import {endpointOf, requireKey} from '../transport/endpoint.ts';
import type {Fetch} from '../transport/fetch.ts';
import {loadModel} from './lm-studio-load.ts';
import {
	findModel,
	listLmStudioModels,
	nameSameModel,
	unknownAbilities,
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
import {createSharedWork} from './shared-work.ts';

/**
 * LM Studio. Chat goes over chat completions, as the native interface takes no tools of ours. A model
 * that is not in memory is loaded by its first call, with the context that LM Studio chooses; where a
 * person wants another one, we load it before. Nothing that is loaded is ever taken out.
 * https://lmstudio.ai/docs/developer/rest
 */
export function createLmStudioProvider(
	settings: ProviderSettings,
	{fetch}: {readonly fetch: Fetch},
): Provider {
	const endpoint = endpointOf(settings);
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
		const look = createSharedWork(
			async signal =>
				(await ifKnown(listLmStudioModels(askAs(signal)))) ?? {models: [], canLoad: false},
		);
		const serve = createSharedWork(async signal => {
			const {models, canLoad} = await look(signal);
			const context = canLoad ? contextToLoad(findModel(name, models), name, wanted) : undefined;
			const servedAs =
				typeof context === 'number'
					? await loadModel(askAs(signal), name, context, firstByteMs)
					: (context ?? name);
			const names = [name, servedAs];
			return {
				servedAs,
				isAsked: (answered: string) => names.some(own => nameSameModel(own, answered, models)),
			};
		});
		const preparation = {
			isLoaded: async (signal: AbortSignal) => {
				const {models} = await look(signal);
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
		const place = {...endpoint, model: request.model};
		requireKey(place);
		const isFirst = !preparations.has(request.model);
		const preparation = prepare(request.model, options);
		let served: ServedModel;
		try {
			if (isFirst && !(await preparation.isLoaded(signal))) {
				yield {type: 'progress', phase: 'loading'};
			}

			served = await preparation.serve(signal);
		} catch (error) {
			throw signal.aborted ? failureAt(place, 'cancelled') : error;
		}

		try {
			yield* streamOpenAiChat(fetch, endpoint, request, options, served);
		} catch (error) {
			const isGone = error instanceof ProviderError && error.kind === 'model-missing';
			if (isGone && preparations.get(request.model) === preparation) {
				// Somebody has taken it out of memory: the next call looks again.
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
			const abilities = model?.capabilities ?? unknownAbilities;
			return typeof context === 'number' ? {...abilities, contextTokens: context} : abilities;
		},
		stream,
	};
}

type Preparation = {
	readonly isLoaded: (signal: AbortSignal) => Promise<boolean>;
	/** Loads the model where that is needed. */
	readonly serve: (signal: AbortSignal) => Promise<ServedModel>;
};

/**
 * How a model comes to the context that a person wants: tokens to load it with, or the instance that
 * has as many; `undefined` when nobody wants any, or the person named an instance.
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
