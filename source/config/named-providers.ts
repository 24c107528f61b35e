import {didYouMean} from '../core/nearest-name.ts';
import {
	providerPresets,
	type NamedProvider,
	type NamedProviders,
} from '../core/provider-presets.ts';
import {isProviderType, providerTypes} from '../core/settings.ts';
import {UsageError} from '../core/usage-error.ts';

/**
 * The service of that name; `undefined` for a type of provider. Throws `UsageError` for anything else, with
 * the nearest name.
 */
export function resolveProvider(name: string, named: NamedProviders): NamedProvider | undefined {
	if (Object.hasOwn(named, name)) {
		return named[name];
	}

	if (isProviderType(name)) {
		return undefined;
	}

	const known = providerNames(named);
	throw new UsageError(
		`unknown provider "${name}"${suggestion(name, known)}`,
		`providers: ${known.join(', ')}`,
	);
}

function suggestion(name: string, known: readonly string[]): string {
	const [first = '', ...rest] = name.split('/');
	if (rest.length > 0 && known.includes(first)) {
		return `; did you mean "${first}:${rest.join('/')}"?`;
	}

	const ours = Object.hasOwn(otherNames, name) ? otherNames[name] : undefined;
	return ours === undefined ? didYouMean(name, known) : `; did you mean "${ours}"?`;
}

/** What a provider is also called. */
const otherNames: Readonly<Record<string, string>> = {
	chatgpt: 'openai',
	claude: 'anthropic',
	google: 'gemini',
	gpt: 'openai',
	grok: 'xai',
	'llama.cpp': 'llama-server',
	llamacpp: 'llama-server',
	'azure-openai': 'azure',
	togetherai: 'together',
};

/** All names that `--provider` accepts: types, presets, and the person's own. */
export function providerNames(named: NamedProviders = providerPresets): readonly string[] {
	return [...new Set([...providerTypes, ...Object.keys(named)])];
}

/** Throws `UsageError` with the place in a file, if it names a provider that does not exist. */
export function requireProvider(
	name: string,
	named: NamedProviders,
	file: string,
	place: string,
): void {
	try {
		resolveProvider(name, named);
	} catch (error) {
		throw error instanceof UsageError
			? new UsageError(`${file} is not valid at "${place}": ${error.message}`, error.hint, error)
			: error;
	}
}
