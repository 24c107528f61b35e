/**
 * The listed name that the person most likely meant; `undefined` if none is similar. The part after
 * a colon (size, tag) counts less than the name before it.
 */
export function nearestModel(asked: string, names: readonly string[]): string | undefined {
	const [best] = rank(asked, names);
	return best && best.base >= minSimilarity ? best.name : undefined;
}

/** All names, most similar first; ties keep their order. */
export function sortBySimilarity(asked: string, names: readonly string[]): readonly string[] {
	return rank(asked, names).map(({name}) => name);
}

function rank(asked: string, names: readonly string[]) {
	return names
		.map(name => ({
			name,
			base: similarity(baseOf(asked), baseOf(name)),
			whole: similarity(asked, name),
		}))
		.toSorted((a, b) => b.base - a.base || b.whole - a.whole);
}

/** Below this, two names have little more than a word like "model" in common. */
const minSimilarity = 0.6;

function baseOf(name: string): string {
	return name.replace(/:.*$/, '');
}

/** Share of letter pairs that two names have in common (Dice's coefficient): 0 to 1. */
function similarity(left: string, right: string): number {
	const [a, b] = [pairsOf(left), pairsOf(right)];
	const rest = [...b];
	const shared = a.filter(pair => {
		const place = rest.indexOf(pair);
		if (place !== -1) {
			rest.splice(place, 1);
		}

		return place !== -1;
	});
	return (2 * shared.length) / Math.max(1, a.length + b.length);
}

function pairsOf(name: string): readonly string[] {
	const text = name.toLowerCase();
	return Array.from({length: Math.max(0, text.length - 1)}, (_, index) =>
		text.slice(index, index + 2),
	);
}
