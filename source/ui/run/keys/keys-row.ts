import {undoableDelivery} from '../../../core/run-state.ts';
import {rowWidth, span, spread, type Row} from '../../../present/text/row.ts';
import type {AppState} from '../../app-store.ts';
import {hintOf, hintsOf} from '../../keys/hints.ts';
import {unavailableKeys} from './request-keys.ts';
import {isResumable} from './resume.ts';
import {shownRequest, type RunView, type Zoom} from '../run-view.ts';

/** The hints for the current focus; quit and help are visible at any width. */
export function keysRow(view: RunView, {dialog, columns}: AppState): Row {
	if (dialog) {
		return [];
	}

	const last: Row = [
		span('q', 'accent'),
		span(' quit  ', 'quiet'),
		span('?', 'accent'),
		span(' help ', 'quiet'),
	];
	const room = columns - rowWidth(last) - 2;
	return spread([span(' '), ...fittingHints(hintsFor(view), room)], last, columns);
}

/** The keys that do something now; a run that has ended has fewer. */
function hintsFor(view: RunView): Row {
	const {session, focus, zoom} = view;
	const state = session.state();
	if (zoom) {
		return zoomHints(view, zoom);
	}

	if (session.source.kind === 'replay') {
		return [...hintsOf('replay'), ...hintsOf('run', steering)];
	}

	const isLog = focus.pane === 'log';
	const own = isLog ? hintsOf('log') : [];
	if (!state.report) {
		return [...own, ...hintsOf('run', ['leave'])];
	}

	return [
		...own,
		...(isResumable(view) ? [...hintOf('R', 'resume'), ...hintOf('b', 'limit')] : []),
		...(undoableDelivery(state) ? hintOf('u', 'undo') : []),
		...hintsOf('run', steering),
		...hintOf('Enter', 'open'),
	];
}

/** The keys of a zoomed view. */
function zoomHints(view: RunView, zoom: Zoom): Row {
	const request = zoom.kind === 'approval' ? shownRequest(view) : undefined;
	const isReplay = view.session.source.kind === 'replay';
	return [
		...(request && !isReplay ? hintsOf('approval', ['view', ...unavailableKeys(request)]) : []),
		...hintOf('Esc', 'back'),
		...hintOf('j/k', 'scroll'),
		...hintOf('PgDn', 'page'),
		...(zoom.kind === 'log' ? hintsOf('log') : []),
		...(isReplay ? hintsOf('replay') : []),
		...hintOf('o', '$PAGER'),
		...hintOf('c', 'copy'),
	];
}

const steering = ['pause', 'message', 'interrupt', 'cancel', 'retry', 'leave'];

/** As many complete hints (a key and its word) as fit. */
function fittingHints(hints: Row, width: number): Row {
	let end = 0;
	while (end < hints.length && rowWidth(hints.slice(0, end + 2)) <= width) {
		end += 2;
	}

	return hints.slice(0, end);
}
