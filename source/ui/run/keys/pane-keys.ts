import {counted, sanitizeText} from '../../../core/text.ts';
import {rowText} from '../../../present/text/row.ts';
import {notify, reportError, type App} from '../../app-store.ts';
import {geometryOf} from '../geometry.ts';
import {
	canShowEnd,
	selectedAgent,
	shownRequest,
	subtaskOrder,
	type Focus,
	type RunView,
} from '../run-view.ts';
import {zoomRows} from '../zoom-pane.tsx';
import {agentOf} from './log-keys.ts';
import {changeView} from '../change-view.ts';
import type {RunCommands} from './run-commands.ts';

/** Focus, and actions on the shown text. */
export const paneCommands: RunCommands = {
	'next-pane': (app, view) => switchPane(app, view, 1),
	'previous-pane': (app, view) => switchPane(app, view, -1),
	back(app, view) {
		const request = shownRequest(view);
		if (view.zoom) {
			changeView(app, {zoom: undefined});
		} else if (view.query !== undefined && view.focus.pane === 'log') {
			changeView(app, {query: undefined});
		} else if (request) {
			changeView(app, {later: [...view.later, request.id], focus: {pane: 'plan'}});
		}
	},
	failures(app, view) {
		const [failure] = view.session.failures.unseen();
		if (!failure && canShowEnd(view)) {
			changeView(app, {zoom: {kind: 'end', top: 0}});
			return;
		}

		if (!failure) {
			notify(app, 'There are no unseen failures.', 'quiet');
			return;
		}

		view.session.failures.markSeen({seq: failure.seq});
		const {subtask, event} = failure;
		const selected = subtask === undefined ? -1 : subtaskOrder(view).indexOf(subtask);
		if (selected >= 0) {
			changeView(app, {focus: {pane: 'plan'}, subtasks: {...view.subtasks, selected}});
		}

		if (event) {
			changeView(app, {zoom: {kind: 'failure', failure: event, top: 0}});
		} else if (subtask !== undefined) {
			changeView(app, {zoom: {kind: 'details', subtask, top: 0}});
		}
	},
	copy(app, view) {
		const text = visibleText(app, view);
		app.terminal.copy(text);
		const lines = counted(text.split('\n').length, 'line');
		notify(app, `Copied ${lines}, if the terminal allows it. For everything: o.`, 'quiet');
	},
	pager(app, view) {
		const text = fullText(app, view);
		app
			.services()
			.then(async ({terminal}) => app.terminal.runExternal(async () => terminal.pageText(text)))
			.catch((error: unknown) => {
				reportError(app, error);
			});
	},
};

function switchPane(app: App, view: RunView, step: 1 | -1): void {
	const panes: readonly Focus[] = [
		...(shownRequest(view) ? [{pane: 'approval'} as const] : []),
		{pane: 'team'},
		{pane: 'plan'},
		...visibleLogs(app, view).map((_, index) => ({pane: 'log', index}) as const),
	];
	const now = panes.findIndex(
		focus =>
			focus.pane === view.focus.pane &&
			(focus.pane !== 'log' || view.focus.pane !== 'log' || focus.index === view.focus.index),
	);
	const next = panes[(now + step + panes.length) % panes.length];
	changeView(app, {zoom: undefined, ...(next ? {focus: next} : {})});
}

/**
 * The agents whose logs can get the focus. On a narrow screen a focused log replaces the other panes.
 */
export function visibleLogs(app: App, view: RunView): readonly string[] {
	const {kind, logs} = geometryOf(view, app.store.getState());
	return view.shown.slice(0, kind === 'narrow' ? 1 : logs.length);
}

/** The last lines of a log, or the full text of anything else. */
function visibleText(app: App, view: RunView): string {
	const text = fullText(app, view);
	return view.zoom && view.zoom.kind !== 'log' ? text : tail(text, 200);
}

function fullText(app: App, view: RunView): string {
	const {columns} = app.store.getState();
	if (view.zoom && view.zoom.kind !== 'log') {
		return zoomRows(view, view.zoom, columns).map(rowText).join('\n');
	}

	const agent = agentOf(view) ?? selectedAgent(view)?.name;
	return agent === undefined ? '' : sanitizeText(view.session.logOf(agent).text());
}

function tail(text: string, lines: number): string {
	return text.split('\n').slice(-lines).join('\n');
}
