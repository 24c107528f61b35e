import {Box, Text} from 'ink';
import {sanitizeText} from '../../../core/text.ts';
import {span} from '../../../present/text/row.ts';
import {prefixOf} from '../../../present/text/width.ts';
import type {Theme} from '../../theme.ts';
import {viewOf, type TextBoxState} from './text-box-state.ts';

type TextBoxProps = {
	readonly state: TextBoxState;
	readonly width: number;
	readonly height: number;
	/** Shown while the text is empty. */
	readonly placeholder?: string | undefined;
	readonly focused: boolean;
	readonly theme: Theme;
};

/** A multi-line text with its cursor. */
export function TextBox({state, width, height, placeholder, focused, theme}: TextBoxProps) {
	const {lines, row, column} = viewOf(state, {width, height});
	const isEmpty = state.text === '' && placeholder !== undefined;
	const shown = isEmpty ? [placeholder] : lines;
	return (
		<Box flexDirection="column" width={width} height={height}>
			{shown.map((line, index) => (
				// oxlint-disable-next-line react/no-array-index-key -- a line is its place
				<Text key={index} wrap="truncate">
					{focused && index === row && !isEmpty
						? withCursor(line, column, theme)
						: theme.paint([span(sanitizeText(line), isEmpty ? 'quiet' : 'plain')])}
				</Text>
			))}
		</Box>
	);
}

function withCursor(line: string, column: number, theme: Theme): string {
	const head = prefixOf(line, column);
	const [first] = segmenter.segment(line.slice(head.length));
	const under = first?.segment ?? '';
	return theme.paint([
		span(sanitizeText(head)),
		span(sanitizeText(under) || ' ', 'match'),
		span(sanitizeText(line.slice(head.length + under.length))),
	]);
}

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});
