import {span, type Row} from '../text/row.ts';
import {cutToWidth} from '../text/width.ts';
import {counted} from '../words.ts';

/** One entry of a log: keeps its source, and makes rows of it at any width. */
export type LogBlock = {
	/** Rows of at most `width` columns, as many as it shows: less when it is folded. */
	rows(width: number): readonly Row[];
	/** Whether it shows its beginning only (or, where that says more, its end). */
	readonly folded: boolean;
	fold(folded: boolean): void;
	/** Characters that it keeps in memory, about. */
	readonly size: number;
	/** All of its source, folded or not; every line is led by its `\n`, so that blocks can be joined. */
	text(): string;
};

export type Fold = {
	/** Rows that are left. */
	readonly keep: number;
	/** Which of its rows these are. */
	readonly side: 'first' | 'last';
};

/**
 * A folded text: `keep` rows and `… 48 more lines`, or all of it where that takes no more rows. Only
 * the lines that may be shown are asked for their rows.
 */
export function foldedRows(
	lines: number,
	{keep, side}: Fold,
	width: number,
	rowsOf: (count: number) => readonly Row[],
): readonly Row[] {
	const rows = rowsOf(keep + 1);
	if (lines <= keep + 1 && rows.length <= keep + 1) {
		return rows;
	}

	const hidden = Math.max(1, lines - keep);
	const more: Row = [span(cutToWidth(`… ${counted(hidden, 'more line')}`, width), 'quiet')];
	return side === 'first' ? [...rows.slice(0, keep), more] : [more, ...rows.slice(-keep)];
}
