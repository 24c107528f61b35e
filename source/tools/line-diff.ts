import {formatPatch, OMIT_HEADERS, structuredPatch} from 'diff';
import {linesOf} from './text-file.ts';

export type LineDiff = {
	/** Added and removed lines: `+3 −1`. */
	readonly size: string;
	/** The hunks of a unified diff, without headers; empty if nothing differs. */
	readonly hunks: string;
};

/** How the lines of two texts differ. Texts with little in common differ as a whole. */
export function diffLines(before: string, after: string): LineDiff {
	const maxEditLength = before === '' || after === '' ? Infinity : maxCompared;
	const patch = structuredPatch('', '', before, after, '', '', {maxEditLength, context: 3});
	if (!patch) {
		const [removed, added] = [diffLines(before, ''), diffLines('', after)];
		return {
			size: sizeOf(linesOf(after).length, linesOf(before).length),
			hunks: `${removed.hunks}${added.hunks}`,
		};
	}

	const marks = patch.hunks.flatMap(({lines}) => lines.map(line => line.charAt(0)));
	const count = (wanted: string) => marks.filter(mark => mark === wanted).length;
	return {
		size: sizeOf(count('+'), count('-')),
		hunks: patch.hunks.length === 0 ? '' : formatPatch(patch, OMIT_HEADERS),
	};
}

/** In changed lines; comparing takes a second or two in the worst case of a million lines. */
const maxCompared = 2_000;

function sizeOf(added: number, removed: number): string {
	return `+${added} −${removed}`;
}
