import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import {fitRow, rowWidth, span, type Row} from '../../present/text/row.ts';
import type {Theme} from '../theme.ts';
import {simplifyEmoji} from './simplify-emoji.ts';

type PaneProps = {
	readonly title: Row;
	readonly width: number;
	/** Including its title line. */
	readonly height: number;
	readonly focused: boolean;
	readonly theme: Theme;
	readonly children?: ReactNode;
};

/** A pane under a rule with its title; the rule of the focused pane is heavy. */
export function Pane({title, width, height, focused, theme, children}: PaneProps) {
	return (
		<Box flexDirection="column" width={width} height={height} flexShrink={0}>
			<Text wrap="truncate">
				{theme.paint(titleRow(simplifyEmoji(title), {width, focused, theme}))}
			</Text>
			{children}
		</Box>
	);
}

function titleRow(
	title: Row,
	{width, focused, theme}: {width: number; focused: boolean; theme: Theme},
): Row {
	const rule = focused ? theme.focusedRule : theme.rule;
	const tone = focused ? 'accent' : 'quiet';
	const room = Math.max(0, width - 5);
	const shown = rowWidth(title) > room ? fitRow(title, room) : title;
	const rest = Math.max(0, width - 4 - rowWidth(shown));
	return [span(`${rule} `, tone), ...shown, span(` ${rule.repeat(rest + 1)}`, tone)];
}
