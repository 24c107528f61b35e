import {Text} from 'ink';
import {memo} from 'react';
import {fitRow, type Row} from '../../present/text/row.ts';
import type {Theme} from '../theme.ts';
import {simplifyEmoji} from './simplify-emoji.ts';

type RowsProps = {
	readonly rows: readonly Row[];
	readonly width: number;
	/** Exact number of rows drawn. */
	readonly height: number;
	/** Index of the selected row. */
	readonly selected?: number | undefined;
	readonly theme: Theme;
};

/** Rows of text, cut or padded to the width. */
export function Rows({rows, width, height, selected, theme}: RowsProps) {
	return Array.from({length: Math.max(0, height)}, (_, index) => (
		<Line
			// oxlint-disable-next-line react/no-array-index-key -- a line of the screen is its place
			key={index}
			text={theme.paint(fitRow(simplifyEmoji(rows[index] ?? []), width), {
				selected: index === selected,
			})}
		/>
	));
}

/** Redrawn only when its text changes. */
const Line = memo(function Line({text}: {readonly text: string}) {
	return <Text wrap="truncate">{text}</Text>;
});
