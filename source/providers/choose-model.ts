import {providerDefaults} from './defaults.ts';
import {ProviderError, type Provider} from './provider.ts';

/**
 * The model to use when a person names none: the default of a vendor; of a local server the first
 * that can call tools, loaded ones before others. Throws kind `model-missing` when it has none.
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

	const models = await provider.models({signal});
	for (const {id} of models.toSorted((a, b) => Number(b.loaded ?? 0) - Number(a.loaded ?? 0))) {
		const {tools} = await provider.capabilities(id, {signal});
		if (tools !== 'none') {
			return id;
		}
	}

	const what = models.length === 0 ? 'no model' : 'no model that can call tools';
	throw new ProviderError('model-missing', `The server at ${endpoint} has ${what}.`, {
		hint: firstModelHints[type],
	});
}

const firstModelHints: Partial<Record<Provider['type'], string>> = {
	ollama: 'run: ollama pull qwen3',
	lmstudio: 'run: lms get qwen3',
	'llama-server': 'start llama-server with a model that can call tools, and with --jinja',
};
