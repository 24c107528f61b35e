import {firstModelHints, firstThatCalls} from './choose-model.ts';
import {
	isListed,
	isModelMissing,
	missingModelHint,
	namesInstead,
	withHint,
} from '../failures/missing-model.ts';
import {nearestModel} from '../local/nearest-model.ts';
import type {Finding} from './finding.ts';
import type {ProbeOptions} from './probe-options.ts';
import {ProviderError, type ModelInfo, type Provider} from '../provider.ts';

/** What a server's list says about the model that is to be tried. */
export type ModelLook = {
	readonly finding: Finding;
	readonly isListed: boolean;
	/** What to do when the server does not serve the model; `undefined`: its own failure says it better. */
	readonly hint: string | undefined;
};

/** Looks a model up in the list of its server, and when it is not there, which one can be used instead. */
export async function lookForModel(
	provider: Provider,
	model: string,
	options: Pick<ProbeOptions, 'signal' | 'naming'>,
): Promise<ModelLook> {
	const {type} = provider;
	const models = await provider.models({signal: options.signal});
	const names = models.map(({id}) => id);
	const count = `${names.length} ${names.length === 1 ? 'model' : 'models'}`;
	const listed = isListed(type, model, names);
	const isThere = listed && (type !== 'llama-server' || names.includes(model));
	const hint = isThere ? listedHint(type) : await hintInstead(provider, model, models, options);
	if (listed) {
		const which = isThere
			? `${model} among them`
			: `${namesInstead(model, names)}, which answers to any name`;
		return {finding: {outcome: 'ok', detail: `${count}, ${which}`}, isListed: true, hint};
	}

	const there = names.length === 0 ? '' : `: ${namesInstead(model, names)}`;
	const detail = `${count}, ${model} is not among them${there}`;
	return {
		finding: {outcome: 'warning', detail, ...(hint === undefined ? {} : {hint})},
		isListed: false,
		hint,
	};
}

/** The same failure; when it is for want of the model, with what the look has found. */
export function withLook(error: unknown, look: ModelLook | undefined): unknown {
	return isModelMissing(error) && look?.hint !== undefined ? withHint(error, look.hint) : error;
}

/** Gateways list models that not every key may use. */
function listedHint(type: Provider['type']): string | undefined {
	return type === 'anthropic' || type === 'openai'
		? 'the server lists it, but does not serve it: choose another one, or check what the key may use'
		: undefined;
}

async function hintInstead(
	provider: Provider,
	model: string,
	models: readonly ModelInfo[],
	{signal, naming = name => name}: Pick<ProbeOptions, 'signal' | 'naming'>,
): Promise<string> {
	const {type} = provider;
	const nearest = nearestModel(
		model,
		models.map(({id}) => id),
	);
	const best = nearest ?? (await firstOf(provider, models, signal));
	const instead = best === undefined ? undefined : `use one that is there: ${naming(best)}`;
	return (
		missingModelHint(type, model, instead) ??
		firstModelHints[type] ??
		'give the server a model first'
	);
}

/** One that can call tools, where that is known; none that is named for embeddings. */
async function firstOf(
	provider: Provider,
	models: readonly ModelInfo[],
	signal: AbortSignal,
): Promise<string | undefined> {
	const answering = models.filter(({id}) => !/embed/i.test(id));
	try {
		return await firstThatCalls(provider, answering, signal);
	} catch (error) {
		signal.throwIfAborted();
		if (error instanceof ProviderError) {
			return answering[0]?.id;
		}

		throw error;
	}
}
