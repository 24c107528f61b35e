import {Box, Text} from 'ink';
import Spinner from 'ink-spinner';
import {sanitizeLine} from '../../core/text.ts';
import {span, type Row} from '../../present/text/row.ts';
import {hangRow} from '../../present/text/wrap-row.ts';
import type {App} from '../app-store.ts';
import {gap} from '../run/layout.ts';
import {keepVisible, type ListPosition} from '../run/list-window.ts';
import {Pane} from '../widgets/pane.tsx';
import {Rows} from '../widgets/rows.tsx';
import type {HomeLayout} from './home-layout.ts';
import {hiddenCounts, providerRow, runRow, teamRow, testRows} from './home-rows.ts';
import type {HomeView, TeamTest} from './home-view.ts';

type PartProps = {
	readonly view: HomeView;
	readonly app: App;
	readonly size: {readonly width: number; readonly height: number};
};

/** Teams, runs, and providers or a provider test; titles say how much is hidden. */
export function HomeLists({
	layout,
	...props
}: Omit<PartProps, 'size'> & {readonly layout: HomeLayout}) {
	return (
		<Box flexDirection="column">
			<Box flexDirection={layout.sideBySide ? 'row' : 'column'} columnGap={gap}>
				<TeamsPart {...props} size={layout.teams} />
				<RunsPart {...props} size={layout.runs} />
			</Box>
			{props.view.test ? (
				<TestPart {...props} test={props.view.test} size={layout.providers} />
			) : (
				<ProvidersPart {...props} size={layout.providers} />
			)}
		</Box>
	);
}

function TeamsPart({view, app, size}: PartProps) {
	const none: Row = [
		span(' none yet; ', 'quiet'),
		span('n', 'accent'),
		span(' creates one', 'quiet'),
	];
	return (
		<ListPart
			title="Teams"
			problem={view.unreadable.teams}
			items={view.teams}
			rowOf={teamRow}
			place={view.team}
			focused={view.part === 'teams'}
			// The team for the task is always marked.
			marked
			none={none}
			{...{app, size}}
		/>
	);
}

function RunsPart({view, app, size}: PartProps) {
	const {runs, runLimit, part} = view;
	const options = {width: size.width, ascii: app.theme.ascii, now: app.now()};
	return (
		<ListPart
			title="Runs"
			problem={view.unreadable.runs}
			items={runs}
			isOpen={runs !== undefined && runs.length >= runLimit}
			rowOf={run => runRow(run, options)}
			place={view.run}
			focused={part === 'runs'}
			none={[span(' none yet', 'quiet')]}
			{...{app, size}}
		/>
	);
}

function ProvidersPart({view, app, size}: PartProps) {
	const {providers, part} = view;
	return (
		<ListPart
			title="Providers"
			problem={view.unreadable.providers}
			items={providers}
			rowOf={provider => providerRow(provider, app.theme.ascii)}
			place={view.provider}
			focused={part === 'providers'}
			none={[]}
			{...{app, size}}
		/>
	);
}

type ListPartProps<Item> = Pick<PartProps, 'app' | 'size'> & {
	readonly title: string;
	/** `undefined` while loading. */
	readonly items: readonly Item[] | undefined;
	/** Why they could not be loaded. */
	readonly problem: string | undefined;
	/** Whether there may be more. */
	readonly isOpen?: boolean;
	readonly rowOf: (item: Item) => Row;
	readonly place: ListPosition;
	readonly focused: boolean;
	/** Whether the selection is also shown without the focus. */
	readonly marked?: boolean;
	readonly none: Row;
};

function ListPart<Item>({app, size, title, items, place, ...props}: ListPartProps<Item>) {
	const {isOpen = false, rowOf, focused, marked = false} = props;
	const {width, height} = size;
	if (height <= 0) {
		return null;
	}

	const shown = height - 1;
	const length = items?.length ?? 0;
	const {selected, top} = keepVisible(place, {length, height: shown});
	const rows = (items ?? []).slice(top, top + shown).map(rowOf);
	return (
		<Pane
			title={[span(title), ...hiddenCounts({top, shown, length}, isOpen)]}
			{...size}
			focused={focused}
			theme={app.theme}
		>
			<Rows
				rows={length > 0 ? rows : placeholderRows(props, items !== undefined, width)}
				width={width}
				height={shown}
				selected={(focused || marked) && length > 0 ? selected - top : undefined}
				theme={app.theme}
			/>
		</Pane>
	);
}

/**
 * Shown instead of items: that there are none, why they could not be loaded, or that they are
 * loading.
 */
function placeholderRows(
	{none, problem}: Pick<ListPartProps<unknown>, 'none' | 'problem'>,
	known: boolean,
	width: number,
): readonly Row[] {
	if (known || problem === undefined) {
		return [known ? none : [span(' …', 'quiet')]];
	}

	const indent = [span(' ')];
	const words = [span(sanitizeLine(problem), 'bad'), span(' (Ctrl+L retries)', 'quiet')];
	return hangRow({first: indent, rest: indent}, words, width);
}

/** The output of a test, at its end or scrolled. */
function TestPart({view, app, size, test}: PartProps & {readonly test: TeamTest}) {
	const {width, height} = size;
	const {theme} = app;
	if (height <= 0) {
		return null;
	}

	const shown = Math.max(0, height - (test.running ? 2 : 1));
	const rows = testRows(test.lines, {width, ascii: theme.ascii});
	const top = Math.max(0, Math.min(test.top ?? rows.length, rows.length - shown));
	return (
		<Pane
			title={[
				span(`Test of ${sanitizeLine(test.team)}`),
				span(' · Esc closes it', 'quiet'),
				...hiddenCounts({top, shown, length: rows.length}),
			]}
			{...size}
			focused={view.part === 'providers'}
			theme={theme}
		>
			<Rows rows={rows.slice(top, top + shown)} width={width} height={shown} theme={theme} />
			{test.running && height > 1 && (
				<Text>
					{' '}
					<Spinner type={theme.ascii ? 'line' : 'dots'} />
				</Text>
			)}
		</Pane>
	);
}
