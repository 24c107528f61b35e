import {counted} from '../../core/text.ts';
import {Box} from 'ink';
import {approvalHeading, approvalRows} from '../../present/approval-rows.ts';
import {span, type Row} from '../../present/text/row.ts';
import {hintsOf} from '../keys/hints.ts';
import {DialogPart} from '../widgets/dialog-part.tsx';
import {Pane} from '../widgets/pane.tsx';
import {Rows} from '../widgets/rows.tsx';
import type {Layout} from './layout.ts';
import {requestQueue, shownRequest} from './run-view.ts';
import type {PartProps, RunScreenProps} from './part-props.ts';
import {unavailableKeys} from './keys/request-keys.ts';

/** The open dialog, or else the first request of the queue. */
export function BottomPart({view, state, app, layout}: RunScreenProps & {readonly layout: Layout}) {
	const {bottom} = layout;
	if (bottom === undefined) {
		return null;
	}

	return (
		<Box>
			{state.dialog && state.dialog.kind !== 'help' ? (
				<DialogPart dialog={state.dialog} size={bottom} theme={app.theme} />
			) : (
				<Request view={view} size={bottom} app={app} />
			)}
		</Box>
	);
}

function Request({view, size, app}: PartProps) {
	const {width, height} = size;
	const request = shownRequest(view);
	if (!request) {
		return null;
	}

	const rows = approvalRows(request, view.session.state(), width - 2);
	const room = height - 2;
	const top = Math.max(0, Math.min(view.request?.top ?? 0, rows.length - room));
	const hidden = rows.length - top - room;
	const shown = rows.slice(top, top + room).map((row): Row => [span('  '), ...row]);
	const waiting = requestQueue(view).length;
	const title: Row = [
		span('? ', 'warning'),
		span(`Request 1 of ${waiting} · ${approvalHeading(request)}`, 'heading'),
		...(hidden > 0 ? [span(` · ${counted(hidden, 'more row')}: v`, 'warning')] : []),
	];
	const keys: Row =
		view.session.source.kind === 'replay'
			? [span('  decided as recorded', 'quiet')]
			: [
					span('  '),
					...hintsOf('approval', unavailableKeys(request)),
					span('Esc', 'accent'),
					span(' later', 'quiet'),
				];
	return (
		<Pane
			title={title}
			width={width}
			height={height}
			focused={view.focus.pane === 'approval'}
			theme={app.theme}
		>
			<Rows rows={shown} width={width} height={room} theme={app.theme} />
			<Rows rows={[keys]} width={width} height={1} theme={app.theme} />
		</Pane>
	);
}
