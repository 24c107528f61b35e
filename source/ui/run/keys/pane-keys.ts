import {sanitizeText} from '../../../core/text.ts';
import {rowText} from '../../../present/text/row.ts';
import {counted} from '../../../present/words.ts';
import {notify, tellError, type App} from '../../app-store.ts';
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

/** Where the keys go, and what is done with the text that is seen. */
export const paneCommands: RunCommands = {
	'next-pane': (app, view) => turn(app, view, 1),
	'previous-pane': (app, view) => turn(app, view, -1),
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
			notify(app, 'There is no failure that you have not seen.', 'quiet');
			return;
		}

		view.session.failures.see({seq: failure.seq});
		const {subtask, loose} = failure;
		const selected = subtask === undefined ? -1 : subtaskOrder(view).indexOf(subtask);
		if (selected >= 0) {
			changeView(app, {focus: {pane: 'plan'}, subtasks: {...view.subtasks, selected}});
		}

		if (loose) {
			changeView(app, {zoom: {kind: 'failure', failure: loose, top: 0}});
		} else if (subtask !== undefined) {
			changeView(app, {zoom: {kind: 'details', subtask, top: 0}});
		}
	},
	copy(app, view) {
		const text = textInSight(app, view);
		app.terminal.copy(text);
		const lines = counted(text.split('\n').length, 'line');
		notify(
			app,
			`${lines} went to the clipboard, if the terminal allows it. Everything: o.`,
			'quiet',
		);
	},
	pager(app, view) {
		const text = wholeText(app, view);
		app
			.services()
			.then(async ({actions}) => app.terminal.lend(async () => actions.pageText(text)))
			.catch((error: unknown) => {
				tellError(app, error);
			});
	},
};

function turn(app: App, view: RunView, step: 1 | -1): void {
	const panes: readonly Focus[] = [
		...(shownRequest(view) ? [{pane: 'approval'} as const] : []),
		{pane: 'team'},
		{pane: 'plan'},
		...logsInSight(app, view).map((_, index) => ({pane: 'log', index}) as const),
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
 * The agents whose logs the keys can go to. On a narrow screen a log has a place of its own though none
 * stands beside the plan.
 */
export function logsInSight(app: App, view: RunView): readonly string[] {
	const {kind, logs} = geometryOf(view, app.store.getState());
	return view.shown.slice(0, kind === 'narrow' ? 1 : logs.length);
}

/** Of a log its last lines, of all else the whole. */
function textInSight(app: App, view: RunView): string {
	const text = wholeText(app, view);
	return view.zoom && view.zoom.kind !== 'log' ? text : tail(text, 200);
}

function wholeText(app: App, view: RunView): string {
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
