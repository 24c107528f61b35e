import {Box} from 'ink';
import {sanitizeLine} from '../../core/text.ts';
import {span, type Row} from '../../present/text/row.ts';
import {wrapRow} from '../../present/text/wrap-row.ts';
import type {Dialog} from '../app-store.ts';
import {hintsOf} from '../keys/hints.ts';
import type {Theme} from '../theme.ts';
import {Pane} from './pane.tsx';
import {Rows} from './rows.tsx';
import {TextBox} from './text-box/text-box.tsx';

type DialogPartProps = {
	readonly dialog: Exclude<Dialog, {kind: 'help'}>;
	readonly size: {readonly width: number; readonly height: number};
	readonly theme: Theme;
};

/** A text or choice dialog. */
export function DialogPart({dialog, size, theme}: DialogPartProps) {
	const {width, height} = size;
	const title = [span(sanitizeLine(dialog.title), 'heading')];
	if (dialog.kind === 'confirm') {
		const choices = choiceRows(dialog.choices, width);
		const room = Math.max(0, height - 1 - choices.length);
		return (
			<Pane title={title} width={width} height={height} focused theme={theme}>
				<Rows
					rows={[...dialog.rows.slice(0, room), ...choices]}
					width={width}
					height={height - 1}
					theme={theme}
				/>
			</Pane>
		);
	}

	const {state, placeholder, problem} = dialog;
	const keys: Row =
		problem === undefined
			? [span('  '), ...hintsOf('text')]
			: [span(`  ${sanitizeLine(problem)}`, 'bad')];
	return (
		<Pane title={title} width={width} height={height} focused theme={theme}>
			<Box paddingLeft={2} height={height - 2}>
				<TextBox
					state={state}
					width={width - 3}
					height={height - 2}
					placeholder={placeholder}
					focused
					theme={theme}
				/>
			</Box>
			<Rows rows={[keys]} width={width} height={1} theme={theme} />
		</Pane>
	);
}

/** The choices, always visible, in several rows if needed. */
function choiceRows(
	choices: Extract<Dialog, {kind: 'confirm'}>['choices'],
	width: number,
): readonly Row[] {
	return wrapRow(
		choices.flatMap(({key, label}) => [span(`  ${key}`, 'accent'), span(` ${label} `)]),
		width,
	);
}
