import {mostAlike} from './nearest-lines.ts';

/**
 * Finds the tool that a model means: by its exact name; else without regard to case and `-_.`; else the
 * same without a prefix (`functions.`, `default_api.`, the name of a server) or markup behind it. Only
 * when one tool alone can be meant.
 */
export function createNameFinder(names: readonly string[]): (given: string) => string | undefined {
	const exact = new Set(names);
	const byBare = new Map<string, string | undefined>();
	for (const name of names) {
		const bare = bareOf(name);
		byBare.set(bare, byBare.has(bare) ? undefined : name);
	}

	return given => {
		if (exact.has(given)) {
			return given;
		}

		const [start = ''] = given.slice(0, longestName).split(/<\||\(/, 1);
		const parts = start.split(/[.:/]+|__/);
		return parts
			.map((_, index) => byBare.get(bareOf(parts.slice(index).join('_'))))
			.find(name => name !== undefined);
	};
}

/** What a model is told that called something that is not there. */
export function noSuchTool(given: string, names: readonly string[]): string {
	const nearest = names[mostAlike(names, given) ?? -1];
	const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
	return `There is no tool ${JSON.stringify(given.slice(0, longestName))}.${hint} Tools: ${names.join(', ')}`;
}

const longestName = 200;

function bareOf(name: string): string {
	return name.replaceAll(/[^\p{L}\p{N}]/gu, '').toLowerCase();
}
