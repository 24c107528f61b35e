import {approvalRows} from '../../../present/approval-rows.ts';
import {agentsOf} from '../../../present/team-rows.ts';
import type {App} from '../../app-store.ts';
import {geometryOf, pageOf} from '../geometry.ts';
import {moveSelection, scrollBy, type Move} from '../list-window.ts';
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

/** Moves in the focused part: a list with a selection, or a text that scrolls. */
export const listCommands: RunCommands = {
	up: moveBy('up'),
	down: moveBy('down'),
	'page-up': moveBy('page-up'),
	'page-down': moveBy('page-down'),
	first: moveBy('first'),
	last: moveBy('last'),
	open(app, view) {
		if (!view.zoom) {
			open(app, view);
		}
	},
};

function moveBy(move: Move) {
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
			changeView(app, {agents: moveSelection(view.agents, move, {length, height})});
			break;
		}

		case 'plan': {
			const {length} = subtaskOrder(view);
			changeView(app, {subtasks: moveSelection(view.subtasks, move, {length, height})});
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
			const request = shownRequest(view);
			if (request && view.request) {
				const {columns} = app.store.getState();
				const {length} = approvalRows(request, view.session.state(), columns - 2);
				const top = scrolled(view.request.top, move, length, height);
				changeView(app, {request: {...view.request, top}});
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
		changeView(app, {zoom: {...zoom, top: scrolled(zoom.top, move, length, height)}});
	}
}

/** The new top row of a text that does not follow its end. */
function scrolled(top: number, move: Move, length: number, height: number): number {
	const end = Math.max(0, length - height);
	return scrollBy(Math.min(top, end), move, {first: 0, length, height}) ?? end;
}

function moveInLog(app: App, view: RunView, agent: string, move: Move, height: number): void {
	const {dropped, length} = view.session.logOf(agent);
	const top = scrollBy(view.logTops[agent], move, {first: dropped, length, height});
	changeView(app, {logTops: {...view.logTops, [agent]: top}});
}

/** Enter: the details of the selected subtask, or the log alone. */
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
				view.session.failures.markSeen({subtask});
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
			// Enter never decides: it only shows the full request.
			changeView(app, {zoom: {kind: 'approval', top: 0}});
			break;
	}
}
