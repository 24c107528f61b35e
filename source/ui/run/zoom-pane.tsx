import {approvalHeading, approvalRows} from '../../present/approval-rows.ts';
import {diffRows} from '../../present/diff-rows.ts';
import {endRows} from '../../present/end-rows.ts';
import {failureRows} from '../../present/failure-rows.ts';
import {span, type Row} from '../../present/text/row.ts';
import {detailRows} from '../../present/subtask-details.ts';
import type {App} from '../app-store.ts';
import {Pane} from '../widgets/pane.tsx';
import {Rows} from '../widgets/rows.tsx';
import type {Size} from './layout.ts';
import {LogPane} from './log-pane.tsx';
import {fullPlanRows} from './full-plan.ts';
import {shownRequest, shownState, type RunView, type Zoom} from './run-view.ts';

/** One zoomed item: a log, or the details of a subtask, failure or request. */
export function ZoomPane({
	view,
	zoom,
	size,
	app,
}: {
	readonly view: RunView;
	readonly zoom: Zoom;
	readonly size: Size;
	readonly app: App;
}) {
	if (zoom.kind === 'log') {
		return <LogPane view={view} agent={zoom.agent} size={size} focused app={app} />;
	}

	const {width, height} = size;
	const rows = zoomRows(view, zoom, width);
	const top = Math.max(0, Math.min(zoom.top, rows.length - (height - 1)));
	const last = Math.min(rows.length, top + height - 1);
	const range = rows.length > height - 1 ? ` · rows ${top + 1}–${last} of ${rows.length}` : '';
	return (
		<Pane
			title={[span(titleOf(view, zoom), 'heading'), span(`${range} · Esc: back`, 'quiet')]}
			width={width}
			height={height}
			focused
			theme={app.theme}
		>
			<Rows rows={rows.slice(top, last)} width={width} height={height - 1} theme={app.theme} />
		</Pane>
	);
}

/** The full content of a zoomed item other than a log. */
export function zoomRows(
	view: RunView,
	zoom: Exclude<Zoom, {kind: 'log'}>,
	width: number,
): readonly Row[] {
	const {session} = view;
	if (zoom.kind === 'details') {
		return [
			...detailRows(shownState(view), zoom.subtask, width, session.read),
			...changeRows(view, zoom.subtask, width),
		];
	}

	if (zoom.kind === 'failure') {
		return failureRows(zoom.failure, width, session.read);
	}

	if (zoom.kind === 'end') {
		return endRows(session.state(), width);
	}

	const request = shownRequest(view);
	return request === undefined
		? [[span('This request was decided.', 'quiet')]]
		: [
				...approvalRows(request, session.state(), width),
				...(request.subject.kind === 'plan' ? fullPlanRows(session.state(), width) : []),
			];
}

/** The diff of the last attempt. */
function changeRows({session}: RunView, subtask: string, width: number): readonly Row[] {
	const change = session.state().subtasks.get(subtask)?.finished?.change;
	if (!change || change.files.length === 0) {
		return [];
	}

	const diff = session.diffOf(change);
	const rows = diff === undefined ? [[span('…', 'quiet')] as const] : diffRows(diff, width);
	return [[], [span('Diff', 'heading')], ...rows];
}

function titleOf(view: RunView, zoom: Exclude<Zoom, {kind: 'log'}>): string {
	switch (zoom.kind) {
		case 'details':
			return `Subtask ${zoom.subtask}`;
		case 'failure':
			return 'Failure';
		case 'end':
			return 'How the run ended';
		case 'approval': {
			const request = shownRequest(view);
			return `Request: ${request === undefined ? 'decided' : approvalHeading(request)}`;
		}
	}
}
