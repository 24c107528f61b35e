import {fitRow, span, spread, type Row} from '../../present/row.ts';
import {hintsOf} from '../keys/hints.ts';
import {selectedProvider, selectedRun, selectedTeam, type HomeView} from './home-view.ts';

/**
 * The keys that do something here, as things are; how to leave and how to learn more stay in sight at any
 * width.
 */
export function homeHints(view: HomeView, columns: number): Row {
	if (view.part === 'task') {
		const row = [span(' '), ...hintsOf('text', ['dismiss']), ...key('Tab', 'lists')];
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
			? [...key('Enter', 'task'), ...hintsOf('home', ['leave']), ...key('D', 'delete')]
			: hintsOf('home', ['leave', 'test-provider']);
	},
	runs(view) {
		const rest = hintsOf('home', ['test-provider', 'new-team', 'leave']);
		return selectedRun(view)
			? [
					...key('Enter', 'open'),
					...key('r', 'resume'),
					...key('p', 'replay'),
					...key('u', 'undo'),
					...rest,
				]
			: rest;
	},
	providers(view) {
		const rest = hintsOf('home', ['test-provider', 'directory', 'new-team', 'leave']);
		if (view.test) {
			return [...key('Esc', 'providers'), ...key('↓ ↑', 'scroll'), ...rest];
		}

		const provider = selectedProvider(view);
		return provider
			? [...key('Enter', provider.usable ? `team with ${provider.type}` : 'what to do'), ...rest]
			: rest;
	},
};

function key(name: string, what: string): Row {
	return [span(name, 'accent'), span(` ${what}   `, 'quiet')];
}
