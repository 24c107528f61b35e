import {Box} from 'ink';
import {span, type Row} from '../../present/row.ts';
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

/** A text to write or a choice to make. */
export function DialogPart({dialog, size, theme}: DialogPartProps) {
	const {width, height} = size;
	if (dialog.kind === 'confirm') {
		const choices: Row = dialog.choices.flatMap(({key, label}) => [
			span(`  ${key}`, 'accent'),
			span(` ${label} `),
		]);
		return (
			<Pane
				title={[span(dialog.title, 'heading')]}
				width={width}
				height={height}
				focused
				theme={theme}
			>
				<Rows rows={[...dialog.rows, choices]} width={width} height={height - 1} theme={theme} />
			</Pane>
		);
	}

	const {state, title, placeholder, problem} = dialog;
	const keys: Row =
		problem === undefined ? [span('  '), ...hintsOf('text')] : [span(`  ${problem}`, 'bad')];
	return (
		<Pane title={[span(title, 'heading')]} width={width} height={height} focused theme={theme}>
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
