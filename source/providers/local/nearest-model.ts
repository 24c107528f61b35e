/**
 * The name of a list that a person most likely meant; `undefined` when none is near. What stands
 * after a colon (the size, the tag) counts less than the name before it.
 */
export function nearestModel(asked: string, names: readonly string[]): string | undefined {
	const [best] = ranked(asked, names);
	return best && best.base >= leastLikeness ? best.name : undefined;
}

/** All names, the likeliest first; those that are as near stay in their order. */
export function byNearness(asked: string, names: readonly string[]): readonly string[] {
	return ranked(asked, names).map(({name}) => name);
}

function ranked(asked: string, names: readonly string[]) {
	return names
		.map(name => ({
			name,
			base: likeness(baseOf(asked), baseOf(name)),
			whole: likeness(asked, name),
		}))
		.toSorted((a, b) => b.base - a.base || b.whole - a.whole);
}

/** Below, two names have little more than a word like "model" in common. */
const leastLikeness = 0.6;

function baseOf(name: string): string {
	return name.replace(/:.*$/, '');
}

/** Share of the pairs of letters that two names have in common (Dice's coefficient): 0 to 1. */
function likeness(left: string, right: string): number {
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
