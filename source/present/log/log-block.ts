import {counted} from '../../core/text.ts';
import {span, type Row} from '../text/row.ts';
import {cutToWidth} from '../text/width.ts';

/** One block of a log: keeps its source and renders it at any width. */
export type LogBlock = {
	/** Rows of at most `width` columns; fewer when folded. */
	rows(width: number): readonly Row[];
	/** Whether only its beginning is shown (or its end, where that is more useful). */
	readonly folded: boolean;
	fold(folded: boolean): void;
	/** Approximate characters in memory. */
	readonly size: number;
	/** Its full source, folded or not. Every line starts with `\n`, so that blocks can be joined. */
	text(): string;
};

export type Fold = {
	/** Rows shown. */
	readonly keep: number;
	readonly side: 'first' | 'last';
};

/**
 * A folded text: `keep` rows and `… 48 more lines`, or everything if that is not longer. Renders only
 * lines that may be shown.
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
