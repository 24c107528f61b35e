import {Box, Text} from 'ink';
import {sanitizeLine} from '../../core/text.ts';
import {span, spread, type Row} from '../../present/text/row.ts';
import type {App, AppState} from '../app-store.ts';
import {minSize} from '../run/layout.ts';
import {DialogPart} from '../widgets/dialog-part.tsx';
import {Pane} from '../widgets/pane.tsx';
import {Rows} from '../widgets/rows.tsx';
import {TextBox} from '../widgets/text-box/text-box.tsx';
import {homeHints} from './home-hints.ts';
import {homeLayout} from './home-layout.ts';
import {HomeLists} from './home-lists.tsx';
import {welcomeRows} from './home-rows.ts';
import {hasNoTeam, selectedTeam, type HomeView} from './home-view.ts';

export type HomeScreenProps = {
	readonly view: HomeView;
	readonly state: AppState;
	readonly app: App;
};

/** Teams, runs, providers, and a task prompt. */
export function HomeScreen(props: HomeScreenProps) {
	const {view, state, app} = props;
	const {columns, rows} = state;
	if (columns < 30 || rows < 8) {
		return <Text wrap="truncate">{`${minSize.columns}×${minSize.rows} is needed; q quits`}</Text>;
	}

	const layout = homeLayout(view, state);
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			<Rows rows={[titleRow(view, columns)]} width={columns} height={1} theme={app.theme} />
			{hasNoTeam(view) ? (
				<Welcome {...props} size={layout.task} />
			) : (
				<TaskPart {...props} size={layout.task} />
			)}
			<HomeLists view={view} app={app} layout={layout} />
			{state.dialog && state.dialog.kind !== 'help' && (
				<DialogPart
					dialog={state.dialog}
					size={{width: columns, height: layout.dialog}}
					theme={app.theme}
				/>
			)}
			<Rows
				rows={[noticeRow(state), state.dialog ? [] : homeHints(view, columns)]}
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

type Sized = {readonly size: {readonly width: number; readonly height: number}};

/** The introduction, without empty rows when there is no room for them. */
function Welcome({view, app, size}: HomeScreenProps & Sized) {
	const hasRuns = (view.runs?.length ?? 0) > 0;
	const rows = welcomeRows(view.providers, {width: size.width, hasRuns});
	const fits = rows.length < size.height;
	return (
		<Rows
			rows={fits ? [[], ...rows] : rows.filter(row => row.length > 0)}
			{...size}
			theme={app.theme}
		/>
	);
}

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
	const unwritten = team === undefined ? '…' : 'i: write a task';
	return (
		<Pane title={title} {...size} focused={focused} theme={app.theme}>
			<Box paddingLeft={1}>
				<TextBox
					state={view.task}
					width={size.width - 2}
					height={size.height - 1}
					placeholder={focused ? 'Describe the task. Enter starts the run.' : unwritten}
					focused={focused}
					theme={app.theme}
				/>
			</Box>
		</Pane>
	);
}

function noticeRow({notice}: AppState): Row {
	return notice ? [span(` ${notice.text}`, notice.tone)] : [];
}
