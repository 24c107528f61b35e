import {span} from '../../present/text/row.ts';
import {agentsOf, teamHeading, teamRow} from '../../present/team-rows.ts';
import {Pane} from '../widgets/pane.tsx';
import {Rows} from '../widgets/rows.tsx';
import {keepVisible} from './list-window.ts';
import type {PartProps} from './part-props.ts';
import {shownState} from './run-view.ts';

/** The lead and the teammates with their activities. */
export function TeamPane({view, size, app}: PartProps) {
	const {width, height} = size;
	const {theme} = app;
	const state = shownState(view);
	const agents = agentsOf(state);
	const focused = view.focus.pane === 'team';
	const position = keepVisible(view.agents, {length: agents.length, height: height - 1});
	const rows = agents
		.slice(position.top, position.top + height - 1)
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
				selected={focused ? position.selected - position.top : undefined}
				theme={theme}
			/>
		</Pane>
	);
}
