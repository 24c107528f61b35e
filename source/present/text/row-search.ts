import {rowText, type Row} from './row.ts';

/** Finds plain text, ignoring case; an empty query never matches. */
export type Matcher = {
	matches(row: Row): boolean;
	/** Highlights every match with the tone `match`. */
	mark(row: Row): Row;
};

export function createMatcher(query: string): Matcher {
	const pattern = new RegExp(query.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'giu');
	const rangesIn = (text: string) =>
		query === ''
			? []
			: [...text.matchAll(pattern)].map(
					({0: found, index}) => [index, index + found.length] as const,
				);
	return {
		matches: row => rangesIn(rowText(row)).length > 0,
		mark(row) {
			const ranges = rangesIn(rowText(row));
			return ranges.length === 0 ? row : marked(row, ranges);
		},
	};
}

/** The next matching row of `count` rows from `start`, searching from `from` and wrapping around. */
export function findRow(
	matches: (line: number) => boolean,
	{
		start,
		count,
		from,
		direction,
	}: {
		readonly start: number;
		readonly count: number;
		readonly from: number;
		readonly direction: 'forward' | 'backward';
	},
): number | undefined {
	const begin = Math.min(Math.max(from - start, 0), count - 1);
	for (let done = 0; done < count; done++) {
		const offset = direction === 'forward' ? begin + done : begin - done + count;
		const line = start + (offset % count);
		if (matches(line)) {
			return line;
		}
	}

	return undefined;
}

function marked(row: Row, ranges: readonly (readonly [number, number])[]): Row {
	const edges = ranges.flat();
	let at = 0;
	return row.flatMap(piece => {
		const start = at;
		at += piece.text.length;
		const cuts = [start, ...edges.filter(edge => edge > start && edge < at), at];
		return cuts.slice(0, -1).map((cut, index) => ({
			text: piece.text.slice(cut - start, (cuts[index + 1] ?? at) - start),
			tone: ranges.some(([from, to]) => cut >= from && cut < to) ? ('match' as const) : piece.tone,
		}));
	});
}
