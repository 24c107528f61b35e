import {span} from '../../present/text/row.ts';
import {planHeading, planRow} from '../../present/plan-rows.ts';
import {Pane} from '../widgets/pane.tsx';
import {Rows} from '../widgets/rows.tsx';
import {keepVisible} from './list-window.ts';
import {railsOf} from './rails.ts';
import type {PartProps} from './part-props.ts';
import {shownState, timeOf} from './run-view.ts';

/** The plan as a rail graph, one row per subtask; only visible rows are rendered. */
export function PlanPane({view, size, app}: PartProps) {
	const {width, height} = size;
	const {theme} = app;
	const state = shownState(view);
	const focused = view.focus.pane === 'plan';
	const plan = state.plan?.plan;
	const rails = plan && railsOf(plan);
	const length = rails?.rows.length ?? 0;
	const position = keepVisible(view.subtasks, {length, height: height - 1});
	const rows = rails
		? rails.rows.slice(position.top, position.top + height - 1).map((_, index) =>
				planRow(rails, position.top + index, state, {
					width,
					ascii: theme.ascii,
					now: timeOf(view, app.now()),
				}),
			)
		: [[span(state.report ? 'There is no plan.' : 'The lead is planning …', 'quiet')]];
	const below = Math.max(0, length - position.top - (height - 1));
	const more = below > 0 ? ` · ${below} below` : '';
	return (
		<Pane
			title={[span('2 ', 'quiet'), span(`${planHeading(state)}${more}`)]}
			width={width}
			height={height}
			focused={focused}
			theme={theme}
		>
			<Rows
				rows={rows}
				width={width}
				height={height - 1}
				selected={focused && rails ? position.selected - position.top : undefined}
				theme={theme}
			/>
		</Pane>
	);
}
