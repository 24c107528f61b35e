import {approvalRows} from '../../present/approval-rows.ts';
import {agentsOf} from '../../present/team-rows.ts';
import type {AppState, Dialog} from '../app-store.ts';
import {layoutOf, type Layout} from './layout.ts';
import {shownRequest, type RunView} from './run-view.ts';

/** The current layout of the run screen. */
export function geometryOf(view: RunView, state: AppState): Layout {
	const {columns, rows, dialog} = state;
	const run = view.session.state();
	return layoutOf({
		columns,
		rows,
		agents: agentsOf(run).length,
		subtasks: run.plan?.plan.subtasks.length ?? 0,
		bottom: bottomRows(view, dialog, columns),
	});
}

/** Preferred rows of the bottom part: title, content, hints. */
function bottomRows(view: RunView, dialog: Dialog | undefined, columns: number): number {
	switch (dialog?.kind) {
		case 'text':
			return 3 + Math.min(8, Math.max(3, dialog.state.text.split('\n').length + 1));
		case 'confirm':
			return 3 + dialog.rows.length;
		default: {
			const request = shownRequest(view);
			return request === undefined || view.zoom?.kind === 'approval'
				? 0
				: 2 + approvalRows(request, view.session.state(), columns - 2).length;
		}
	}
}

/** Rows of the focused part, which list keys move in. */
export function pageOf(view: RunView, layout: Layout): number {
	const height = (size: {readonly height: number} | undefined) =>
		Math.max(1, (size?.height ?? 1) - 1);
	if (view.zoom) {
		return height(layout.zoom);
	}

	switch (view.focus.pane) {
		case 'team':
			return height(layout.team);
		case 'plan':
			return height(layout.plan);
		case 'log':
			return height(layout.logs[view.focus.index]);
		case 'approval':
			return Math.max(1, (layout.bottom?.height ?? 2) - 2);
	}
}
