import {notify, type App} from '../../app-store.ts';
import {textBoxOf} from '../../widgets/text-box/text-box-state.ts';
import {geometryOf, pageOf} from '../geometry.ts';
import type {RunView} from '../run-view.ts';
import {changeView} from '../change-view.ts';
import type {RunCommands} from './run-commands.ts';

export const logCommands: RunCommands = {
	find(app, view) {
		app.store.setState({
			dialog: {
				kind: 'text',
				title: 'Find in the log',
				state: textBoxOf(view.query),
				placeholder: 'text to find; empty ends the search',
				history: [],
				at: 0,
				submit(text) {
					const query = text.trim() === '' ? undefined : text.trim();
					changeView(app, {query});
					const now = app.store.getState().run;
					if (now && query !== undefined) {
						goToMatch(app, now, query, 'backward', undefined);
					}
				},
			},
		});
	},
	'find-next': (app, view) => findNext(app, view, 'forward'),
	'find-previous': (app, view) => findNext(app, view, 'backward'),
	follow(app, view) {
		const agent = agentOf(view);
		if (agent === undefined) {
			return;
		}

		const {length, dropped} = view.session.logOf(agent);
		const height = pageOf(view, geometryOf(view, app.store.getState()));
		const stays = view.logTops[agent] === undefined;
		const top = stays ? Math.max(dropped, dropped + length - height) : undefined;
		changeView(app, {logTops: {...view.logTops, [agent]: top}});
		notify(
			app,
			stays ? 'Stopped following; f follows the end again.' : 'Following the end of the log.',
			'quiet',
		);
	},
	fold(app, view) {
		const agent = agentOf(view);
		if (agent !== undefined) {
			const log = view.session.logOf(agent);
			const height = pageOf(view, geometryOf(view, app.store.getState()));
			const end = log.dropped + log.length;
			const top = view.logTops[agent] ?? Math.max(log.dropped, end - height);
			toggleLast(log, top, Math.min(end, top + height));
			changeView(app, {});
		}
	},
};

/** Folds the last visible result that can be folded: a log has no cursor. */
function toggleLast(log: ReturnType<RunView['session']['logOf']>, from: number, end: number): void {
	for (let line = end - 1; line >= from; line--) {
		const before = log.version;
		log.toggle(line);
		if (log.version !== before) {
			return;
		}
	}
}

function findNext(app: App, view: RunView, direction: 'forward' | 'backward'): void {
	const {query} = view;
	const agent = agentOf(view);
	if (query === undefined || agent === undefined) {
		notify(app, 'No search yet; press /.', 'quiet');
		return;
	}

	const top = view.logTops[agent];
	const step = direction === 'forward' ? 1 : -1;
	goToMatch(app, view, query, direction, top === undefined ? undefined : top + step);
}

function goToMatch(
	app: App,
	view: RunView,
	query: string,
	direction: 'forward' | 'backward',
	from: number | undefined,
): void {
	const agent = agentOf(view);
	if (agent === undefined) {
		return;
	}

	const log = view.session.logOf(agent);
	const line = log.find(query, from ?? log.dropped + log.length - 1, direction);
	if (line === undefined) {
		notify(app, `“${query}” is not in this log.`, 'warning');
	} else {
		changeView(app, {logTops: {...view.logTops, [agent]: line}});
	}
}

/** The agent of the focused log. */
export function agentOf({zoom, focus, shown}: RunView): string | undefined {
	if (zoom?.kind === 'log') {
		return zoom.agent;
	}

	return focus.pane === 'log' ? shown[focus.index] : undefined;
}
