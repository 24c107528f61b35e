import type {App} from '../../app-store.ts';
import {commandFor, type KeyCommand, type KeyContext} from '../../keys/key-map.ts';
import type {KeyPress} from '../../keys/key-press.ts';
import {requestQueue, type RunView} from '../run-view.ts';
import {approvalCommands} from './approval-keys.ts';
import {listCommands} from './list-keys.ts';
import {logCommands} from './log-keys.ts';
import {visibleLogs, paneCommands} from './pane-keys.ts';
import {changeView} from '../change-view.ts';
import {planCommands} from './plan-keys.ts';
import {replayCommands} from './replay-keys.ts';
import type {RunCommands} from './run-commands.ts';
import {steeringCommands} from './steering-keys.ts';

/** Handlers by context, because contexts can share command names. */
const commands: Readonly<Partial<Record<KeyContext, RunCommands>>> = {
	approval: approvalCommands,
	log: logCommands,
	replay: replayCommands,
	plan: planCommands,
	list: listCommands,
	run: {...paneCommands, ...steeringCommands},
};

/** Handles a key of the run screen; returns whether it was one. */
export function handleRunKey(app: App, view: RunView, press: KeyPress): boolean {
	const pane = paneOf(press.name, app, view);
	if (pane) {
		changeView(app, {focus: pane, zoom: undefined});
		return true;
	}

	const found = commandFor(press.name, contextsOf(view));
	const handler = found && commands[found.context]?.[found.command];
	if (!handler) {
		return false;
	}

	if (press.burst && immediate.has(found.command)) {
		return true;
	}

	app.store.setState({notice: undefined});
	handler(app, view, press);
	if (found.context === 'run' && found.command in steeringCommands) {
		guardRequest(app);
	}

	return true;
}

/** Keys that act without confirmation, which are ignored in an unmarked paste. */
const immediate: ReadonlySet<KeyCommand> = new Set(['interrupt', 'pause', 'retry', 'panes']);

/** After another command (like a refused `x`), the next key may answer that one, not the request. */
function guardRequest(app: App): void {
	const {request} = app.store.getState().run ?? {};
	if (request?.since !== undefined) {
		changeView(app, {request: {...request, since: app.now()}});
	}
}

/** The active contexts, nearest first. In a log, `n` and `N` move between matches. */
function contextsOf(view: RunView): readonly KeyContext[] {
	const isReplay = view.session.source.kind === 'replay';
	const isLog = view.zoom ? view.zoom.kind === 'log' : view.focus.pane === 'log';
	return [
		...(isReplay ? (['replay'] as const) : []),
		...(isLog ? (['log'] as const) : []),
		...(requestQueue(view).length > 0 && !isReplay ? (['approval'] as const) : []),
		...(isLog ? [] : (['plan'] as const)),
		'list',
		'run',
	];
}

/** `1` is the team, `2` the plan, `3` and up the visible logs. */
function paneOf(name: string, app: App, view: RunView): RunView['focus'] | undefined {
	if (!/^[1-9]$/.test(name)) {
		return undefined;
	}

	const number = Number(name);
	if (number <= 2) {
		return {pane: number === 1 ? 'team' : 'plan'};
	}

	return number - 3 < visibleLogs(app, view).length ? {pane: 'log', index: number - 3} : undefined;
}
