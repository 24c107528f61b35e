import {fitRow, span, spread, type Row} from '../../present/text/row.ts';
import {hintOf, hintsOf} from '../keys/hints.ts';
import {selectedProvider, selectedRun, selectedTeam, type HomeView} from './home-view.ts';

/** The keys that currently do something here; quit and help are visible at any width. */
export function homeHints(view: HomeView, columns: number): Row {
	if (view.part === 'task') {
		const row = [span(' '), ...hintsOf('text', ['dismiss']), ...hintOf('Tab', 'lists')];
		return fitRow(row, columns);
	}

	const last: Row = [
		span('q', 'accent'),
		span(' quit  ', 'quiet'),
		span('?', 'accent'),
		span(' help ', 'quiet'),
	];
	return spread([span(' '), ...hintsFor[view.part](view)], last, columns);
}

const hintsFor: Readonly<Record<Exclude<HomeView['part'], 'task'>, (view: HomeView) => Row>> = {
	teams(view) {
		return selectedTeam(view)
			? [...hintOf('Enter', 'task'), ...hintsOf('home', ['leave']), ...hintOf('D', 'delete')]
			: hintsOf('home', ['leave', 'test-provider']);
	},
	runs(view) {
		const rest = hintsOf('home', ['test-provider', 'new-team', 'leave']);
		return selectedRun(view)
			? [
					...hintOf('Enter', 'open'),
					...hintOf('r', 'resume'),
					...hintOf('p', 'replay'),
					...hintOf('u', 'undo'),
					...rest,
				]
			: rest;
	},
	providers(view) {
		const rest = hintsOf('home', ['test-provider', 'directory', 'new-team', 'leave']);
		if (view.test) {
			return [...hintOf('Esc', 'providers'), ...hintOf('↓ ↑', 'scroll'), ...rest];
		}

		const provider = selectedProvider(view);
		return provider
			? [...hintOf('Enter', provider.usable ? `team with ${provider.type}` : 'setup'), ...rest]
			: rest;
	},
};
