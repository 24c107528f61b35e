import {Box, Text} from 'ink';
import Spinner from 'ink-spinner';
import {sanitizeLine} from '../../core/text.ts';
import {fitRow, span, spread, type Row} from '../../present/row.ts';
import type {App, AppState} from '../app-store.ts';
import {hintsOf} from '../keys/hints.ts';
import {gap, smallest} from '../run/layout.ts';
import {keepInSight} from '../run/list-window.ts';
import {DialogPart} from '../widgets/dialog-part.tsx';
import {Pane} from '../widgets/pane.tsx';
import {Rows} from '../widgets/rows.tsx';
import {TextBox} from '../widgets/text-box/text-box.tsx';
import {homeLayout, type HomeLayout} from './home-layout.ts';
import {providerRow, runRow, teamRow, testRow, welcomeRows} from './home-rows.ts';
import {isFirstStart, selectedTeam, type HomeView} from './home-view.ts';

export type HomeScreenProps = {
	readonly view: HomeView;
	readonly state: AppState;
	readonly app: App;
};

/** Teams, runs, providers, and a prompt for a task. */
export function HomeScreen(props: HomeScreenProps) {
	const {view, state, app} = props;
	const {columns, rows} = state;
	if (columns < 30 || rows < 8) {
		return (
			<Text wrap="truncate">{`${smallest.columns}×${smallest.rows} is needed; q leaves`}</Text>
		);
	}

	const layout = homeLayout(view, state);
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			<Rows rows={[titleRow(view, columns)]} width={columns} height={1} theme={app.theme} />
			{isFirstStart(view) ? (
				<Welcome {...props} size={layout.task} />
			) : (
				<TaskPart {...props} size={layout.task} />
			)}
			<Lists {...props} layout={layout} />
			{state.dialog && state.dialog.kind !== 'help' && (
				<DialogPart
					dialog={state.dialog}
					size={{width: columns, height: layout.dialog}}
					theme={app.theme}
				/>
			)}
			<Rows
				rows={[noticeRow(view, state), keysRow(view, state)]}
				width={columns}
				height={2}
				theme={app.theme}
			/>
		</Box>
	);
}

function titleRow({directory}: HomeView, width: number): Row {
	return spread(
		[span(' llm-orchestrator', 'heading')],
		[span(`${sanitizeLine(directory)} `, 'quiet')],
		width,
	);
}

/** How to begin; without its empty rows where there is no room for them. */
function Welcome({view, app, size}: HomeScreenProps & Sized) {
	const rows = welcomeRows(view.providers, size.width);
	const fits = rows.length < size.height;
	return (
		<Rows
			rows={fits ? [[], ...rows] : rows.filter(row => row.length > 0)}
			{...size}
			theme={app.theme}
		/>
	);
}

type Sized = {readonly size: {readonly width: number; readonly height: number}};

function TaskPart({view, app, size}: HomeScreenProps & Sized) {
	const team = selectedTeam(view);
	const focused = view.part === 'task';
	const title: Row =
		team === undefined
			? [span('Task')]
			: [
					span('Task for '),
					span(sanitizeLine(team.name), 'heading'),
					span(` in ${sanitizeLine(view.directory)}`, 'quiet'),
				];
	return (
		<Pane title={title} {...size} focused={focused} theme={app.theme}>
			<Box paddingLeft={1}>
				<TextBox
					state={view.task}
					width={size.width - 2}
					height={size.height - 1}
					placeholder={focused ? 'What is to be done? Enter starts the run.' : 'i: write a task'}
					focused={focused}
					theme={app.theme}
				/>
			</Box>
		</Pane>
	);
}

function Lists(props: HomeScreenProps & {readonly layout: HomeLayout}) {
	const {layout} = props;
	return (
		<Box flexDirection="column">
			<Box flexDirection={layout.sideBySide ? 'row' : 'column'} columnGap={gap}>
				<TeamsPart {...props} size={layout.teams} />
				<RunsPart {...props} size={layout.runs} />
			</Box>
			<ProvidersPart {...props} size={layout.providers} />
		</Box>
	);
}

function TeamsPart({view, app, size}: HomeScreenProps & Sized) {
	const {width, height} = size;
	const {theme} = app;
	const teams = view.teams ?? [];
	const focused = view.part === 'teams';
	const place = keepInSight(view.team, {length: teams.length, height: height - 1});
	const rows =
		view.teams === undefined
			? [[span(' …', 'quiet')]]
			: teams.length === 0
				? [[span(' none yet; ', 'quiet'), span('n', 'accent'), span(' makes one', 'quiet')]]
				: teams.slice(place.top, place.top + height - 1).map(teamRow);
	return (
		<Pane title={[span('Teams')]} {...size} focused={focused} theme={theme}>
			<Rows
				rows={rows}
				width={width}
				height={height - 1}
				selected={teams.length > 0 ? place.selected - place.top : undefined}
				theme={theme}
			/>
		</Pane>
	);
}

function RunsPart({view, app, size}: HomeScreenProps & Sized) {
	const {width, height} = size;
	const {theme} = app;
	const runs = view.runs ?? [];
	const focused = view.part === 'runs';
	const place = keepInSight(view.run, {length: runs.length, height: height - 1});
	const shown = runs
		.slice(place.top, place.top + height - 1)
		.map(run => runRow(run, {width, ascii: theme.ascii, now: app.now()}));
	const empty: Row = [span(view.runs === undefined ? ' …' : ' none yet', 'quiet')];
	return (
		<Pane title={[span('Runs')]} {...size} focused={focused} theme={theme}>
			<Rows
				rows={shown.length === 0 ? [empty] : shown}
				width={width}
				height={height - 1}
				selected={focused && runs.length > 0 ? place.selected - place.top : undefined}
				theme={theme}
			/>
		</Pane>
	);
}

/** The providers that were found; while one is tested, what is seen of it. */
function ProvidersPart({view, app, size}: HomeScreenProps & Sized) {
	const {width, height} = size;
	const {test, providers} = view;
	const {theme} = app;
	if (height === 0) {
		return null;
	}

	const rows = test
		? test.lines.map(line => testRow(line, theme.ascii))
		: (providers ?? []).map(provider => providerRow(provider, theme.ascii));
	const title = test ? `Test of ${sanitizeLine(test.team)}` : 'Providers';
	const isBusy = test ? test.running : providers === undefined;
	return (
		<Pane title={[span(title)]} {...size} focused={false} theme={theme}>
			<Rows rows={rows} width={width} height={height - (isBusy ? 2 : 1)} theme={theme} />
			{isBusy && (
				<Text>
					{' '}
					<Spinner type={theme.ascii ? 'line' : 'dots'} />
				</Text>
			)}
		</Pane>
	);
}

function noticeRow(view: HomeView, {notice}: AppState): Row {
	return notice ? [span(` ${notice.text}`, notice.tone)] : [];
}

/** The keys that matter here; how to leave and how to learn more stay in sight at any width. */
function keysRow(view: HomeView, {dialog, columns}: AppState): Row {
	if (dialog) {
		return [];
	}

	const last: Row = [
		span('q', 'accent'),
		span(' quit  ', 'quiet'),
		span('?', 'accent'),
		span(' help ', 'quiet'),
	];
	switch (view.part) {
		case 'task':
			return fitRow(
				[
					span(' '),
					...hintsOf('text', ['dismiss']),
					span('Tab', 'accent'),
					span(' lists', 'quiet'),
				],
				columns,
			);
		case 'runs':
			return spread(
				[
					span(' '),
					...key('Enter', 'open'),
					...key('r', 'resume'),
					...key('p', 'replay'),
					...key('u', 'undo'),
					...hintsOf('home', ['test-provider', 'new-team', 'leave']),
				],
				last,
				columns,
			);
		case 'teams':
			return spread(
				[span(' '), ...key('Enter', 'task'), ...hintsOf('home', ['leave']), ...key('D', 'delete')],
				last,
				columns,
			);
	}
}

function key(name: string, what: string): Row {
	return [span(name, 'accent'), span(` ${what}   `, 'quiet')];
}
