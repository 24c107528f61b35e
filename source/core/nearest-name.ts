import leven from 'leven';

/**
 * The known name that a person most likely meant; `undefined` if none is near. Case, `-`, `_` and
 * spaces do not count. Short names allow one edit, longer ones two, or a quarter of their length. Of
 * equally near names, the first with the same letters is meant, as in `rnu` for `run`.
 */
export function nearestName(given: string, names: readonly string[]): string | undefined {
	const asked = bare(given);
	const [nearest] = names
		.map(name => ({
			name,
			edits: leven(asked, bare(name)),
			isAlike: lettersOf(asked) === lettersOf(bare(name)),
		}))
		.filter(({name, edits, isAlike}) => edits <= (isAlike ? 2 : maxEdits(asked, bare(name))))
		.toSorted((a, b) => a.edits - b.edits || Number(b.isAlike) - Number(a.isAlike));
	return nearest?.name;
}

/** `; did you mean "run"?`, or nothing. */
export function didYouMean(given: string, names: readonly string[], prefix = ''): string {
	const nearest = nearestName(given, names);
	return nearest === undefined ? '' : `; did you mean "${prefix}${nearest}"?`;
}

function maxEdits(asked: string, name: string): number {
	const length = Math.min(asked.length, name.length);
	return length < 4 ? Math.min(1, length - 1) : Math.max(2, Math.floor(name.length / 4));
}

function bare(name: string): string {
	return name.toLowerCase().replaceAll(/[-_\s]/g, '');
}

function lettersOf(name: string): string {
	return [...name].sort().join('');
}
