import {agentsOf} from '../../present/team-rows.ts';
import {approvalHeading} from '../../present/approval-rows.ts';
import type {App} from '../app-store.ts';
import {geometryOf} from './geometry.ts';
import {keepInSight} from './list-window.ts';
import {chooseShown, shownRequest, subtaskOrder, type Focus, type RunView} from './run-view.ts';

/** The view made to fit what the run is now: which logs are shown, which request, which places exist. */
export function refreshRun(view: RunView, app: App): RunView {
	const state = view.session.state();
	const agents = agentsOf(state);
	const screen = app.store.getState();
	const layout = geometryOf(view, screen);
	const count = Math.max(1, layout.logs.length);
	const selected = agents[view.agents.selected]?.name;
	const {length} = subtaskOrder(view);
	const shown = chooseShown(
		view.shown,
		agents,
		view.focus.pane === 'team' ? selected : undefined,
		count,
	);
	return withRequest(
		{
			...view,
			agents: keepInSight(view.agents, {
				length: agents.length,
				height: (layout.team?.height ?? 2) - 1,
			}),
			subtasks: keepInSight(view.subtasks, {length, height: (layout.plan?.height ?? 2) - 1}),
			shown,
			focus: focusWithin(view.focus, shown.length),
		},
		app,
		layout.kind !== 'small' && screen.dialog === undefined,
	);
}

/** A screen that became smaller shows fewer logs. */
function focusWithin(focus: Focus, logs: number): Focus {
	return focus.pane === 'log' && focus.index >= logs
		? {pane: 'log', index: Math.max(0, logs - 1)}
		: focus;
}

/** A request that appears gets the focus and calls the person; one that is decided gives it back. */
function withRequest(view: RunView, app: App, isInSight: boolean): RunView {
	const request = shownRequest(view);
	if (!request) {
		return {
			...view,
			request: undefined,
			focus: view.focus.pane === 'approval' ? {pane: 'plan'} : view.focus,
			zoom: view.zoom?.kind === 'approval' ? undefined : view.zoom,
		};
	}

	const since = isInSight ? app.now() : undefined;
	if (view.request?.id === request.id) {
		const isSame = (view.request.since !== undefined) === isInSight;
		return isSame ? view : {...view, request: {...view.request, since}};
	}

	if (view.session.source.kind !== 'replay') {
		app.terminal.notify(`llm-orchestrator: ${approvalHeading(request)} waits for you`);
	}

	const isRead = view.zoom !== undefined && view.zoom.kind !== 'approval';
	return {
		...view,
		request: {id: request.id, since, top: 0},
		focus: isRead ? view.focus : {pane: 'approval'},
		zoom: view.zoom?.kind === 'approval' ? {kind: 'approval', top: 0} : view.zoom,
	};
}
