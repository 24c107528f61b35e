import {rowWidth, span, type Row} from '../../present/text/row.ts';
import {agentHeading, agentsOf} from '../../present/team-rows.ts';
import type {App} from '../app-store.ts';
import {Pane} from '../widgets/pane.tsx';
import {Rows} from '../widgets/rows.tsx';
import type {Size} from './layout.ts';
import {shownState, type RunView} from './run-view.ts';

type LogPaneProps = {
	readonly view: RunView;
	readonly agent: string;
	readonly size: Size;
	readonly focused: boolean;
	/** The key of the pane, if it has one. */
	readonly number?: number | undefined;
	readonly app: App;
};

/** The log of an agent, at its end or scrolled. */
export function LogPane({view, agent, size, focused, number, app}: LogPaneProps) {
	const {width, height} = size;
	const {theme} = app;
	const rows = logRows(view, agent, size);
	const state = shownState(view);
	const known = agentsOf(state).find(({name}) => name === agent);
	const follows = view.logTops[agent] === undefined;
	const note: Row = follows ? [] : [span(' · scrolled', 'warning')];
	const room = width - 7 - rowWidth(note);
	const title: Row = [
		...(number === undefined ? [] : [span(`${number} `, 'quiet')]),
		...(known ? trimEnd(agentHeading(known, state, room)) : []),
		...note,
	];
	return (
		<Pane title={title} width={width} height={height} focused={focused} theme={theme}>
			<Rows rows={rows} width={width} height={height - 1} theme={theme} />
		</Pane>
	);
}

/** The visible rows of a log, wrapped for its pane. */
function logRows({session, logTops, query}: RunView, agent: string, size: Size): readonly Row[] {
	const log = session.logOf(agent);
	const height = size.height - 1;
	log.setWidth(size.width);
	log.setQuery(query);
	const end = log.dropped + log.length;
	const top = logTops[agent] ?? Math.max(log.dropped, end - height);
	return log.rows(Math.max(log.dropped, Math.min(top, end - 1)), height);
}

/** Removes padding, so that the rule starts right after the heading. */
function trimEnd(row: Row): Row {
	const last = row.at(-1);
	return last === undefined || last.text.trim() !== '' ? row : row.slice(0, -1);
}
