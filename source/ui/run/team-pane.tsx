import {span} from '../../present/text/row.ts';
import {agentsOf, teamHeading, teamRow} from '../../present/team-rows.ts';
import {Pane} from '../widgets/pane.tsx';
import {Rows} from '../widgets/rows.tsx';
import {keepInSight} from './list-window.ts';
import type {PartProps} from './part-props.ts';
import {stateOf} from './run-view.ts';

/** The lead and the teammates, each with what it does or waits for. */
export function TeamPane({view, size, app}: PartProps) {
	const {width, height} = size;
	const {theme} = app;
	const state = stateOf(view);
	const agents = agentsOf(state);
	const focused = view.focus.pane === 'team';
	const place = keepInSight(view.agents, {length: agents.length, height: height - 1});
	const rows = agents
		.slice(place.top, place.top + height - 1)
		.map(agent => teamRow(agent, state, {width, ascii: theme.ascii}));
	return (
		<Pane
			title={[span('1 ', 'quiet'), span(teamHeading(state))]}
			width={width}
			height={height}
			focused={focused}
			theme={theme}
		>
			<Rows
				rows={rows}
				width={width}
				height={height - 1}
				selected={focused ? place.selected - place.top : undefined}
				theme={theme}
			/>
		</Pane>
	);
}
