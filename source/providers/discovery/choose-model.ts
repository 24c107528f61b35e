import {providerDefaults} from '../defaults.ts';
import {ProviderError, type Capabilities, type ModelInfo, type Provider} from '../provider.ts';

/**
 * The model to use when a person names none: the default of a vendor; of a local server the first
 * that can call tools, loaded ones before others, and those that were trained for it before those of
 * which nothing is known, and these before those that were not. Throws kind `model-missing` when it has
 * none.
 */
export async function chooseModel(
	provider: Provider,
	{signal}: {readonly signal: AbortSignal},
): Promise<string> {
	const {type, endpoint} = provider;
	const byDefault = type === 'demo' ? undefined : providerDefaults[type].model;
	if (byDefault !== undefined) {
		return byDefault;
	}

	const first = await firstThatCalls(provider, await provider.models({signal}), signal);
	if (first !== undefined) {
		return first;
	}

	throw new ProviderError('model-missing', `The server at ${endpoint} has no model.`, {
		hint: firstModelHints[type],
	});
}

/** The first model that can call tools, in the order of `chooseModel`; `undefined` when there is none at all. */
export async function firstThatCalls(
	provider: Provider,
	models: readonly ModelInfo[],
	signal: AbortSignal,
): Promise<string | undefined> {
	const found: {readonly id: string; readonly tools: Capabilities['tools']}[] = [];
	for (const loaded of [true, false]) {
		for (const {id} of models.filter(model => Boolean(model.loaded) === loaded)) {
			const {tools} = await provider.capabilities(id, {signal});
			if (tools === 'native') {
				return id;
			}

			found.push({id, tools});
		}

		const perhaps = found.find(({tools}) => tools === 'unknown');
		if (perhaps !== undefined) {
			return perhaps.id;
		}
	}

	// Models without a form for calls are told of the tools in words.
	return found[0]?.id;
}

/** What to do about a server without a model that can call tools. */
export const firstModelHints: Partial<Readonly<Record<Provider['type'], string>>> = {
	ollama: 'run: ollama pull qwen3',
	lmstudio: 'run: lms get qwen3',
	'llama-server': 'start llama-server with a model that can call tools, and with --jinja',
};
