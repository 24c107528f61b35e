import {counted} from '../../core/text.ts';
import {Box, Text} from 'ink';
import {activeMsAt} from '../../core/run-clock.ts';
import {headerRow} from '../../present/header-row.ts';
import {span} from '../../present/text/row.ts';
import {statusText} from '../../present/words.ts';
import {Rows} from '../widgets/rows.tsx';
import {BottomPart} from './bottom-part.tsx';
import {geometryOf} from './geometry.ts';
import {gap, minSize, type Layout} from './layout.ts';
import {LogPane} from './log-pane.tsx';
import type {RunScreenProps} from './part-props.ts';
import {PlanPane} from './plan-pane.tsx';
import {requestQueue, shownState, timeOf, type RunView} from './run-view.ts';
import {StatusRows} from './status-rows.tsx';
import {TeamPane} from './team-pane.tsx';
import {ZoomPane} from './zoom-pane.tsx';

/** The run screen: header, team, plan, logs, bottom part, notice and hints. */
export function RunScreen(props: RunScreenProps) {
	const {view, state, app} = props;
	const layout = geometryOf(view, state);
	if (layout.kind === 'small') {
		return <TooSmall {...props} />;
	}

	return (
		<Box flexDirection="column" width={state.columns} height={state.rows}>
			<Header {...props} />
			{view.zoom ? (
				<ZoomPane view={view} zoom={view.zoom} size={layout.zoom} app={app} />
			) : (
				<Main {...props} layout={layout} />
			)}
			<BottomPart {...props} layout={layout} />
			<StatusRows {...props} />
		</Box>
	);
}

function Header({view, state, app}: RunScreenProps) {
	const run = shownState(view);
	const row = headerRow(run, {
		width: state.columns,
		task: view.task,
		activeMs: activeMsAt(run, timeOf(view, app.now())),
		ascii: app.theme.ascii,
		badge: badgeOf(view),
	});
	return <Rows rows={[row]} width={state.columns} height={1} theme={app.theme} />;
}

function badgeOf({session}: RunView): string | undefined {
	const {source} = session;
	switch (source.kind) {
		case 'own':
			return session.state().team?.lead.provider === 'demo' ? 'scripted model' : undefined;
		case 'attached':
			return 'attached';
		case 'replay': {
			const {seq, last, speed, paused} = source.run.controls.position();
			return `replay ${seq}/${last} ${paused ? 'paused' : `×${speed}`}`;
		}
	}
}

function Main({view, state, app, layout}: RunScreenProps & {readonly layout: Layout}) {
	if (layout.kind === 'narrow') {
		return <Tabs view={view} state={state} app={app} layout={layout} />;
	}

	return (
		<Box flexDirection="column">
			<Box columnGap={gap}>
				{layout.team && <TeamPane view={view} size={layout.team} app={app} />}
				{layout.plan && <PlanPane view={view} size={layout.plan} app={app} />}
			</Box>
			<Box columnGap={gap}>
				{layout.logs.map((size, index) => {
					const agent = view.shown[index];
					return agent === undefined ? undefined : (
						<LogPane
							key={agent}
							view={view}
							agent={agent}
							size={size}
							focused={view.focus.pane === 'log' && view.focus.index === index}
							number={index + 3}
							app={app}
						/>
					);
				})}
			</Box>
		</Box>
	);
}

/** On narrow screens only the focused part is shown, with a log below it if there is room. */
function Tabs({view, app, layout}: RunScreenProps & {readonly layout: Layout}) {
	const {focus} = view;
	const [agent] = view.shown;
	const [below] = layout.logs;
	const size = layout.plan ?? layout.zoom;
	if (focus.pane === 'log' && agent !== undefined) {
		return <LogPane view={view} agent={agent} size={layout.zoom} focused number={3} app={app} />;
	}

	return (
		<Box flexDirection="column">
			{focus.pane === 'team' ? (
				<TeamPane view={view} size={size} app={app} />
			) : (
				<PlanPane view={view} size={size} app={app} />
			)}
			{below && agent !== undefined && (
				<LogPane view={view} agent={agent} size={below} focused={false} number={3} app={app} />
			)}
		</Box>
	);
}

function TooSmall({view, state, app}: RunScreenProps) {
	const run = view.session.state();
	const waiting = requestQueue(view).length;
	const done = [...run.subtasks.values()].filter(({status}) => status === 'completed').length;
	const lines = [
		`${state.columns}×${state.rows} is too small; ${minSize.columns}×${minSize.rows} is enough.`,
		`${runPhase(view)}: ${statusText(run.status)}, ${done}/${run.subtasks.size}.`,
		...(waiting > 0
			? [`${counted(waiting, 'decision')} ${waiting === 1 ? 'is' : 'are'} waiting for you.`]
			: []),
	];
	return (
		<Box flexDirection="column" width={state.columns} height={state.rows} overflow="hidden">
			{lines.map(line => (
				<Text key={line} wrap="wrap">
					{app.theme.paint([span(line, line.includes('decision') ? 'warning' : 'plain')])}
				</Text>
			))}
		</Box>
	);
}

function runPhase({session, abandoned}: RunView): string {
	return abandoned
		? 'Its process died'
		: session.state().report
			? 'The run has ended'
			: 'The run is in progress';
}
