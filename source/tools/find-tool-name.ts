import {mostSimilar} from './nearest-lines.ts';

/**
 * Finds the tool that a model means: by its exact name; otherwise ignoring case and `-_.`;
 * otherwise also ignoring a prefix (`functions.`, `default_api.`, a server's name) or trailing
 * markup. Only if the match is unambiguous.
 */
export function createNameFinder(names: readonly string[]): (given: string) => string | undefined {
	const exact = new Set(names);
	const byBare = new Map<string, string | undefined>();
	for (const name of names) {
		const bare = normalizedName(name);
		byBare.set(bare, byBare.has(bare) ? undefined : name);
	}

	return given => {
		if (exact.has(given)) {
			return given;
		}

		const [start = ''] = given.slice(0, maxNameLength).split(/<\||\(/, 1);
		const parts = start.split(/[.:/]+|__/);
		return parts
			.map((_, index) => byBare.get(normalizedName(parts.slice(index).join('_'))))
			.find(name => name !== undefined);
	};
}

/** The message to a model that called an unknown tool. */
export function unknownToolMessage(given: string, names: readonly string[]): string {
	const nearest = names[mostSimilar(names, given) ?? -1];
	const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
	return `There is no tool ${JSON.stringify(given.slice(0, maxNameLength))}.${hint} Tools: ${names.join(', ')}`;
}

const maxNameLength = 200;

function normalizedName(name: string): string {
	return name.replaceAll(/[^\p{L}\p{N}]/gu, '').toLowerCase();
}
