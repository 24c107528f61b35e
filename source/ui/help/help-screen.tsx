import {Box} from 'ink';
import {span} from '../../present/row.ts';
import type {AppState} from '../app-store.ts';
import type {Theme} from '../theme.ts';
import {Pane} from '../widgets/pane.tsx';
import {Rows} from '../widgets/rows.tsx';
import {helpRows} from './help-rows.ts';

/** All keys. */
export function HelpScreen({
	state: {columns, rows},
	top,
	theme,
}: {
	readonly state: AppState;
	readonly top: number;
	readonly theme: Theme;
}) {
	const all = helpRows(columns);
	const height = Math.max(1, rows - 2);
	const last = Math.min(all.length, top + height);
	const place = all.length > height ? ` · ${last} of ${all.length}` : '';
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			<Pane
				title={[span('Keys', 'heading'), span(`${place} · any other key: back`, 'quiet')]}
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
