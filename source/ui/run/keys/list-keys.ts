import {agentsOf} from '../../../present/team-rows.ts';
import type {App} from '../../app-store.ts';
import {geometryOf, pageOf} from '../geometry.ts';
import {moveIn, scrollBy, type Move} from '../list-window.ts';
import {
	selectedAgent,
	selectedSubtask,
	shownRequest,
	subtaskOrder,
	type RunView,
} from '../run-view.ts';
import {zoomRows} from '../zoom-pane.tsx';
import {changeView} from '../change-view.ts';
import type {RunCommands} from './run-commands.ts';

/** Moving in whatever has the focus: a list with a selection, or a text that scrolls. */
export const listCommands: RunCommands = {
	up: by('up'),
	down: by('down'),
	'page-up': by('page-up'),
	'page-down': by('page-down'),
	first: by('first'),
	last: by('last'),
	open(app, view) {
		if (!view.zoom) {
			open(app, view);
		}
	},
};

function by(move: Move) {
	return (app: App, view: RunView) => {
		const height = pageOf(view, geometryOf(view, app.store.getState()));
		if (view.zoom) {
			moveInZoom(app, view, move, height);
		} else {
			moveInPane(app, view, move, height);
		}
	};
}

function moveInPane(app: App, view: RunView, move: Move, height: number): void {
	switch (view.focus.pane) {
		case 'team': {
			const {length} = agentsOf(view.session.state());
			changeView(app, {agents: moveIn(view.agents, move, {length, height})});
			break;
		}

		case 'plan': {
			const {length} = subtaskOrder(view);
			changeView(app, {subtasks: moveIn(view.subtasks, move, {length, height})});
			break;
		}

		case 'log': {
			const agent = view.shown[view.focus.index];
			if (agent !== undefined) {
				moveInLog(app, view, agent, move, height);
			}

			break;
		}

		case 'approval': {
			const request = view.request;
			if (request) {
				const top = Math.max(0, request.top + (stepOf(move, height) ?? 0));
				changeView(app, {request: {...request, top: Math.min(top, requestRows(app, view))}});
			}

			break;
		}
	}
}

function moveInZoom(app: App, view: RunView, move: Move, height: number): void {
	const {zoom} = view;
	if (zoom?.kind === 'log') {
		moveInLog(app, view, zoom.agent, move, height);
	} else if (zoom) {
		const {columns} = app.store.getState();
		const {length} = zoomRows(view, zoom, columns);
		const end = Math.max(0, length - height);
		const top = scrollBy(Math.min(zoom.top, end), move, {first: 0, length, height}) ?? end;
		changeView(app, {zoom: {...zoom, top}});
	}
}

function moveInLog(app: App, view: RunView, agent: string, move: Move, height: number): void {
	const {dropped, length} = view.session.logOf(agent);
	const top = scrollBy(view.logTops[agent], move, {first: dropped, length, height});
	changeView(app, {logTops: {...view.logTops, [agent]: top}});
}

function requestRows(app: App, view: RunView): number {
	const {columns} = app.store.getState();
	return shownRequest(view) ? zoomRows(view, {kind: 'approval', top: 0}, columns).length : 0;
}

function stepOf(move: Move, height: number): number {
	const page = Math.max(1, height - 1);
	return {up: -1, down: 1, 'page-up': -page, 'page-down': page, first: -1e6, last: 1e6}[move];
}

/** Enter: the selected subtask with all that is known of it, or the log alone. */
function open(app: App, view: RunView): void {
	switch (view.focus.pane) {
		case 'team': {
			const agent = selectedAgent(view)?.name;
			changeView(app, agent === undefined ? {} : {zoom: {kind: 'log', agent}});
			break;
		}

		case 'plan': {
			const subtask = selectedSubtask(view);
			if (subtask !== undefined) {
				view.session.failures.see({subtask});
				changeView(app, {zoom: {kind: 'details', subtask, top: 0}});
			}

			break;
		}

		case 'log': {
			const agent = view.shown[view.focus.index];
			changeView(app, agent === undefined ? {} : {zoom: {kind: 'log', agent}});
			break;
		}

		case 'approval':
			// Enter never decides: it only shows the whole of it.
			changeView(app, {zoom: {kind: 'approval', top: 0}});
			break;
	}
}
