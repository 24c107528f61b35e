import {Box} from 'ink';
import {span} from '../../present/text/row.ts';
import type {AppState} from '../app-store.ts';
import type {Theme} from '../theme.ts';
import {Pane} from '../widgets/pane.tsx';
import {Rows} from '../widgets/rows.tsx';
import {helpContexts} from './help-contexts.ts';
import {helpRows} from './help-rows.ts';

/** All keys, those of the current screen first. */
export function HelpScreen({
	state,
	top,
	theme,
}: {
	readonly state: AppState;
	readonly top: number;
	readonly theme: Theme;
}) {
	const {columns, rows} = state;
	const all = helpRows(columns, helpContexts(state));
	const height = Math.max(1, rows - 2);
	const last = Math.min(all.length, top + height);
	// In ASCII, arrows would look like letters, and letters close the help.
	const keys = theme.ascii ? 'j k' : '↓ ↑';
	const position = all.length > height ? ` · ${last} of ${all.length} · ${keys}: scroll` : '';
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			<Pane
				title={[span('Keys', 'heading'), span(`${position} · any other key: back`, 'quiet')]}
				width={columns}
				height={height + 1}
				focused
				theme={theme}
			>
				<Rows rows={all.slice(top, last)} width={columns} height={height} theme={theme} />
			</Pane>
		</Box>
	);
}
