import {providerDefaults} from '../defaults.ts';
import {listAlternatives} from '../failures/missing-model.ts';
import {ProviderError, type Capabilities, type ModelInfo, type Provider} from '../provider.ts';

/**
 * The model to use if the person chose none: the vendor's default, or a local server's first model
 * that can call tools. Loaded models come first, then those trained for tools, then those of
 * unknown training, then those without. A service with a name has no default: only its single model can be
 * meant. Throws kind `model-missing` if there is none, or none was chosen.
 */
export async function chooseModel(
	provider: Provider,
	{signal, service}: {readonly signal: AbortSignal; readonly service?: string | undefined},
): Promise<string> {
	const {type, endpoint} = provider;
	const byDefault =
		service !== undefined || type === 'demo' || type === 'custom'
			? undefined
			: providerDefaults[type].model;
	if (byDefault !== undefined) {
		return byDefault;
	}

	const models = await provider.models({signal});
	if (service !== undefined && models.length > 1 && hasCatalog(type)) {
		const names = models.map(({id}) => id);
		throw new ProviderError('model-missing', `${noDefaultModel(service)}.`, {
			hint: `name one of its models: ${listAlternatives('', names)}`,
		});
	}

	const first = await firstToolModel(provider, models, signal);
	if (first !== undefined) {
		return first;
	}

	throw new ProviderError('model-missing', `The server at ${endpoint} has no models.`, {
		hint: firstModelHints[type],
	});
}

/** The problem with a service for which no model was named. */
export function noDefaultModel(service: string): string {
	return `${service} has no default model`;
}

/** Whether servers of this type list all models that they offer, rather than those that somebody installed. */
export function hasCatalog(type: Provider['type']): boolean {
	return type === 'openai' || type === 'anthropic';
}

/**
 * The first model that can call tools, in the order of `chooseModel`; `undefined` if there are no
 * models.
 */
export async function firstToolModel(
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

	// Models without native calls get the tools described as text.
	return found[0]?.id;
}

/** What to do about a server without a model that can call tools. */
export const firstModelHints: Partial<Readonly<Record<Provider['type'], string>>> = {
	ollama: 'run: ollama pull qwen3',
	lmstudio: 'run: lms get qwen3',
	'llama-server': 'start llama-server with a model that can call tools, and with --jinja',
};
