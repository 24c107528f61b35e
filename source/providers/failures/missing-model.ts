import type {ProviderType} from '../../core/settings.ts';
import {sanitizeLine, shorten} from '../../core/text.ts';
import {wayToServe} from './hints.ts';
import {nameSameModel} from '../local/lm-studio-models.ts';
import {byNearness} from '../local/nearest-model.ts';
import {withTag} from '../ollama/models.ts';
import {ProviderError, type Provider} from '../provider.ts';

/**
 * Whether a server's list has a model, by its own rules for names. A llama-server with one model
 * answers to any name.
 */
export function isListed(type: ProviderType, model: string, names: readonly string[]): boolean {
	switch (type) {
		case 'ollama':
			return names.some(name => withTag(name) === withTag(model));
		case 'lmstudio':
			return names.some(name => nameSameModel(name, model, []));
		case 'llama-server':
			return names.length === 1 || names.includes(model);
		default:
			return names.includes(model);
	}
}

/** The names that are there, the nearest to the missing one first, at most `shownModels` of them. */
export function namesInstead(model: string, names: readonly string[]): string {
	const shown = byNearness(model, names)
		.slice(0, shownModels)
		.map(name => shorten(sanitizeLine(name), longestName));
	const more = names.length - shown.length;
	return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const shownModels = 8;
const longestName = 60;

/**
 * What to do about a model that a server does not list: how it gets there, or (`instead`) how to use
 * one that is there; `undefined` where neither is known.
 */
export function missingModelHint(
	type: ProviderType,
	model: string,
	instead: string | undefined,
): string | undefined {
	const ways = [wayToGet(type, model), instead].filter(way => way !== undefined);
	return ways.length === 0 ? undefined : ways.join(', or ');
}

/** What is not listed has to be fetched; what is, LM Studio has only to load. */
function wayToGet(type: ProviderType, model: string): string | undefined {
	return type === 'lmstudio' ? `run: lms get ${model}` : wayToServe(type, model);
}

/** The same provider; where it lacks a model, its failures name those that are there. */
export function namingModels(provider: Provider): Provider {
	const told = async (error: unknown, model: string, signal: AbortSignal) =>
		withModels(error, model, await namesOf(provider, error, signal), provider.type);
	return {
		...provider,
		async capabilities(model, options) {
			return provider.capabilities(model, options).catch(async (error: unknown) => {
				throw await told(error, model, options.signal);
			});
		},
		async *stream(request, options) {
			try {
				yield* provider.stream(request, options);
			} catch (error) {
				throw await told(error, request.model, options.signal);
			}
		},
	};
}

function withModels(
	error: unknown,
	model: string,
	names: readonly string[],
	type: ProviderType,
): unknown {
	if (!isModelMissing(error) || names.length === 0 || isListed(type, model, names)) {
		return error;
	}

	const instead = `give the team one that is there: ${namesInstead(model, names)}`;
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

/** Whether a provider failed for want of the model. */
export function isModelMissing(error: unknown): error is ProviderError {
	return error instanceof ProviderError && error.kind === 'model-missing';
}
