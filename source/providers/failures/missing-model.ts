import {sanitizeLine, shorten} from '../../core/text.ts';
import {serveHint} from './hints.ts';
import {areSameModel} from '../local/lm-studio-models.ts';
import {sortBySimilarity} from '../local/nearest-model.ts';
import {withTag} from '../ollama/models.ts';
import {ProviderError, type Provider} from '../provider.ts';

/**
 * Whether a server's list contains a model, by the server's naming rules. A llama-server with one
 * model accepts any name.
 */
export function isListed(type: Provider['type'], model: string, names: readonly string[]): boolean {
	switch (type) {
		case 'ollama':
			return names.some(name => withTag(name) === withTag(model));
		case 'lmstudio':
			return names.some(name => areSameModel(name, model, []));
		case 'llama-server':
			return names.length === 1 || names.includes(model);
		default:
			return names.includes(model);
	}
}

/** The available names, most similar to the missing one first, at most `maxShown`. */
export function listAlternatives(model: string, names: readonly string[]): string {
	const shown = sortBySimilarity(model, names)
		.slice(0, maxShown)
		.map(name => shorten(sanitizeLine(name), maxNameLength));
	const more = names.length - shown.length;
	return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const maxShown = 8;
const maxNameLength = 60;

/**
 * What to do about a model that a server does not list: how to get it, or (`instead`) an available
 * one; `undefined` if there is neither.
 */
export function missingModelHint(
	type: Provider['type'],
	model: string,
	instead: string | undefined,
): string | undefined {
	const ways = [downloadHint(type, model), instead].filter(way => way !== undefined);
	return ways.length === 0 ? undefined : ways.join(', or ');
}

/** An unlisted model must be downloaded; LM Studio only needs to load a listed one. */
function downloadHint(type: Provider['type'], model: string): string | undefined {
	return type === 'lmstudio' ? `run: lms get ${model}` : serveHint(type, model);
}

/** Wraps a provider so that failures about a missing model list the available ones. */
export function withModelNames(provider: Provider): Provider {
	const withAvailableModels = async (error: unknown, model: string, signal: AbortSignal) =>
		withModels(error, model, await namesOf(provider, error, signal), provider.type);
	return {
		...provider,
		async capabilities(model, options) {
			return provider.capabilities(model, options).catch(async (error: unknown) => {
				throw await withAvailableModels(error, model, options.signal);
			});
		},
		async *stream(request, options) {
			try {
				yield* provider.stream(request, options);
			} catch (error) {
				throw await withAvailableModels(error, request.model, options.signal);
			}
		},
	};
}

function withModels(
	error: unknown,
	model: string,
	names: readonly string[],
	type: Provider['type'],
): unknown {
	if (!isModelMissing(error) || names.length === 0 || isListed(type, model, names)) {
		return error;
	}

	const instead = `use an available one: ${listAlternatives(model, names)}`;
	return withHint(error, missingModelHint(type, model, instead));
}

/** The same failure with another hint. */
export function withHint(error: ProviderError, hint: string | undefined): ProviderError {
	const {kind, message, ...detail} = error;
	return new ProviderError(kind, message, {...detail, cause: error.cause, hint});
}

async function namesOf(
	provider: Provider,
	error: unknown,
	signal: AbortSignal,
): Promise<readonly string[]> {
	try {
		return isModelMissing(error) ? (await provider.models({signal})).map(({id}) => id) : [];
	} catch {
		return [];
	}
}

/** Whether a provider failed because the model is missing. */
export function isModelMissing(error: unknown): error is ProviderError {
	return error instanceof ProviderError && error.kind === 'model-missing';
}
