import {counted} from '../../core/text.ts';
import {firstModelHints, firstToolModel} from './choose-model.ts';
import {
	isListed,
	isModelMissing,
	missingModelHint,
	listAlternatives,
	withHint,
} from '../failures/missing-model.ts';
import {nearestModel} from '../local/nearest-model.ts';
import type {Finding} from './finding.ts';
import type {ProbeOptions} from './probe-options.ts';
import {ProviderError, type ModelInfo, type Provider} from '../provider.ts';

/** What a server's model list says about the model to test. */
export type ModelLookup = {
	readonly finding: Finding;
	readonly isListed: boolean;
	/**
	 * What to do if the server does not serve the model; `undefined`: its own failure has a better
	 * hint.
	 */
	readonly hint: string | undefined;
};

/** Looks up a model in its server's list; if it is missing, suggests another. */
export async function lookUpModel(
	provider: Provider,
	model: string,
	options: Pick<ProbeOptions, 'signal' | 'formatModel'>,
): Promise<ModelLookup> {
	const {type} = provider;
	const models = await provider.models({signal: options.signal});
	const names = models.map(({id}) => id);
	const count = counted(names.length, 'model');
	const listed = isListed(type, model, names);
	const isThere = listed && (type !== 'llama-server' || names.includes(model));
	const hint = isThere ? listedHint(type) : await alternativeHint(provider, model, models, options);
	if (listed) {
		const which = isThere
			? `including ${model}`
			: `${listAlternatives(model, names)}, which accepts any model name`;
		return {finding: {outcome: 'ok', detail: `${count}, ${which}`}, isListed: true, hint};
	}

	const there = names.length === 0 ? '' : `: ${listAlternatives(model, names)}`;
	const detail = `${count}, ${model} is not among them${there}`;
	return {
		finding: {outcome: 'warning', detail, ...(hint === undefined ? {} : {hint})},
		isListed: false,
		hint,
	};
}

/** Adds the lookup's hint to a failure about a missing model. */
export function withLookupHint(error: unknown, look: ModelLookup | undefined): unknown {
	return isModelMissing(error) && look?.hint !== undefined ? withHint(error, look.hint) : error;
}

/** Gateways list models that not every key has access to. */
function listedHint(type: Provider['type']): string | undefined {
	return type === 'anthropic' || type === 'openai'
		? "the server lists it but does not serve it: choose another model, or check the key's access"
		: undefined;
}

async function alternativeHint(
	provider: Provider,
	model: string,
	models: readonly ModelInfo[],
	{signal, formatModel = name => name}: Pick<ProbeOptions, 'signal' | 'formatModel'>,
): Promise<string> {
	const {type} = provider;
	const nearest = nearestModel(
		model,
		models.map(({id}) => id),
	);
	const best = nearest ?? (await firstChatModel(provider, models, signal));
	const instead = best === undefined ? undefined : `use an available one: ${formatModel(best)}`;
	return (
		missingModelHint(type, model, instead) ??
		firstModelHints[type] ??
		'add a model to the server first'
	);
}

/** One that can call tools, if known; never an embedding model. */
async function firstChatModel(
	provider: Provider,
	models: readonly ModelInfo[],
	signal: AbortSignal,
): Promise<string | undefined> {
	const answering = models.filter(({id}) => !/embed/i.test(id));
	try {
		return await firstToolModel(provider, answering, signal);
	} catch (error) {
		signal.throwIfAborted();
		if (error instanceof ProviderError) {
			return answering[0]?.id;
		}

		throw error;
	}
}
