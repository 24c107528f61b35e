import {agentsOf} from '../../present/team-rows.ts';
import {approvalHeading} from '../../present/approval-rows.ts';
import type {App} from '../app-store.ts';
import {geometryOf} from './geometry.ts';
import {keepVisible} from './list-window.ts';
import {chooseShownLogs, shownRequest, subtaskOrder, type Focus, type RunView} from './run-view.ts';

/** Updates the view for the current state of the run: shown logs, shown request, positions. */
export function refreshRun(view: RunView, app: App): RunView {
	const state = view.session.state();
	const agents = agentsOf(state);
	const screen = app.store.getState();
	const layout = geometryOf(view, screen);
	const count = Math.max(1, layout.logs.length);
	const selected = agents[view.agents.selected]?.name;
	const {length} = subtaskOrder(view);
	const shown = chooseShownLogs(
		view.shown,
		agents,
		view.focus.pane === 'team' ? selected : undefined,
		count,
	);
	return withRequest(
		{
			...view,
			agents: keepVisible(view.agents, {
				length: agents.length,
				height: (layout.team?.height ?? 2) - 1,
			}),
			subtasks: keepVisible(view.subtasks, {length, height: (layout.plan?.height ?? 2) - 1}),
			shown,
			focus: focusWithin(view.focus, shown.length),
		},
		app,
		layout.kind !== 'small' && screen.dialog === undefined,
	);
}

/** A smaller screen shows fewer logs. */
function focusWithin(focus: Focus, logs: number): Focus {
	return focus.pane === 'log' && focus.index >= logs
		? {pane: 'log', index: Math.max(0, logs - 1)}
		: focus;
}

/** A new request gets the focus and notifies the user; a decided one returns it. */
function withRequest(view: RunView, app: App, isVisible: boolean): RunView {
	const request = shownRequest(view);
	if (!request) {
		return {
			...view,
			request: undefined,
			focus: view.focus.pane === 'approval' ? {pane: 'plan'} : view.focus,
			zoom: view.zoom?.kind === 'approval' ? undefined : view.zoom,
		};
	}

	const since = isVisible ? app.now() : undefined;
	if (view.request?.id === request.id) {
		const isSame = (view.request.since !== undefined) === isVisible;
		return isSame ? view : {...view, request: {...view.request, since}};
	}

	if (view.session.source.kind !== 'replay') {
		app.terminal.notify(`llm-orchestrator: waiting for you: ${approvalHeading(request)}`);
	}

	const isReading = view.zoom !== undefined && view.zoom.kind !== 'approval';
	return {
		...view,
		request: {id: request.id, since, top: 0},
		focus: isReading ? view.focus : {pane: 'approval'},
		zoom: view.zoom?.kind === 'approval' ? {kind: 'approval', top: 0} : view.zoom,
	};
}
