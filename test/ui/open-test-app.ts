import {setImmediate} from 'node:timers/promises';
import type {Actions, TerminalActions} from '../../source/core/actions.ts';
import type {RunCatalog} from '../../source/core/run.ts';
import {createAppStore, type App} from '../../source/ui/app-store.ts';
import {homeViewOf, type HomeView} from '../../source/ui/home/home-view.ts';
import {keyPressesOf, type KeyPress} from '../../source/ui/keys/key-press.ts';
import {createExitControl} from '../../source/ui/exit-control.ts';
import {routeKey} from '../../source/ui/route-key.ts';
import {refreshRun} from '../../source/ui/run/refresh-run.ts';
import {runPart} from '../../source/ui/run/run-part.ts';
import {openAttemptSession, type RunKind} from '../../source/session/run-session.ts';
import {runViewOf, type RunView} from '../../source/ui/run/run-view.ts';
import {createTheme, type ThemeOptions} from '../../source/ui/theme.ts';
import {actionsOf, catalogOf, terminalActionsOf} from '../helpers/ui-run.ts';
import {noKey} from './no-key.ts';

/** Later than any event of these tests. */
const start = Date.UTC(2026, 10, 22, 11, 0, 0);

export type TestAppOptions = {
	readonly columns?: number;
	readonly rows?: number;
	readonly theme?: Partial<ThemeOptions>;
	readonly home?: Partial<HomeView>;
	readonly actions?: Partial<Actions & TerminalActions>;
	readonly catalog?: Partial<RunCatalog>;
	/** Default: 400 ms have passed since a request appeared. */
	readonly isAlive?: boolean;
};

/** An app over literals: no terminal, no clock of its own, drawn only when a test looks. */
export type TestApp = {
	readonly app: App;
	/** Presses keys by their names, one after the other. */
	keys(...names: readonly string[]): void;
	/** Types what comes in one piece, as when the terminal does not mark what is pasted. */
	burst(text: string): void;
	/** Lets time pass, ms. */
	pass(ms: number): void;
	/** Lets promises that are resolved go on. */
	settle(): Promise<void>;
	view(): RunView;
	home(): HomeView;
	dialog(): NonNullable<ReturnType<App['store']['getState']>['dialog']>;
	notice(): string | undefined;
	resize(columns: number, rows: number): void;
	readonly told: {
		readonly copied: string[];
		readonly called: string[];
		/** `redraw`, `suspend`, `lend`, `exit`, `home`. */
		readonly done: string[];
	};
};

export function openTestApp(options: TestAppOptions = {}): TestApp {
	const {columns = 100, rows = 30, theme, home, actions, catalog} = options;
	let time = start;
	const told = {copied: [] as string[], called: [] as string[], done: [] as string[]};
	const store = createAppStore({
		columns,
		rows,
		home: home && {...homeViewOf('/home/ada/project'), ...home},
		run: undefined,
	});
	const services = {
		actions: actionsOf(actions),
		terminal: terminalActionsOf(actions),
		catalog: catalogOf(catalog),
	};
	const refresh = () => {
		const {run, tick} = store.getState();
		store.setState({tick: tick + 1, ...(run ? {run: refreshRun(run, app)} : {})});
	};
	const app: App = {
		store,
		theme: createTheme({colors: false, background: 'dark', ascii: false, ...theme}),
		terminal: {
			async runExternal(work) {
				told.done.push('lend');
				return work();
			},
			async suspend() {
				told.done.push('suspend');
			},
			redraw() {
				told.done.push('redraw');
			},
			copy(text) {
				told.copied.push(text);
			},
			notify(text) {
				told.called.push(text);
			},
		},
		services: async () => services,
		directory: '/home/ada/project',
		now: () => time,
		runPart: () => runPart,
		changed: refresh,
		async showRun(make) {
			await showRun(app, await make(services, new AbortController().signal));
		},
		...createExitControl({
			store,
			now: () => time,
			own() {
				const source = store.getState().run?.session.source;
				return source?.kind === 'own' ? [source.run] : [];
			},
			goHome() {
				told.done.push('home');
				store.setState({run: undefined, dialog: undefined});
			},
			exit() {
				told.done.push('exit');
			},
			abandon() {
				told.done.push('abandon');
			},
		}),
	};
	const shown = <Value>(value: Value | undefined): Value => {
		if (value === undefined) {
			throw new Error('this is not on the screen');
		}

		return value;
	};
	return {
		app,
		keys(...names) {
			for (const name of names) {
				routeKey(app, keyNamed(name));
			}
		},
		burst(text) {
			for (const key of keyPressesOf(text, noKey)) {
				routeKey(app, key);
			}
		},
		pass(ms) {
			time += ms;
			refresh();
		},
		async settle() {
			await setImmediate();
			refresh();
		},
		view: () => shown(store.getState().run),
		home: () => shown(store.getState().home),
		dialog: () => shown(store.getState().dialog),
		notice: () => store.getState().notice?.text,
		resize(columns, rows) {
			store.setState({columns, rows});
			refresh();
		},
		told,
	};
}

/** Opens an app that shows a run, everything that happened before being loaded. */
export async function openRunApp(
	source: RunKind,
	{isAlive = true, ...options}: TestAppOptions = {},
): Promise<TestApp> {
	const test = openTestApp(options);
	await showRun(test.app, source);
	if (isAlive) {
		test.pass(400);
	}

	return test;
}

async function showRun(app: App, source: RunKind): Promise<void> {
	const session = openAttemptSession(source, {
		changed: app.changed,
		async readDiff(run, change) {
			const {actions} = await app.services();
			return actions.readDiff(run, change);
		},
	});
	await session.load();
	const {task} = session.state();
	app.store.setState({run: runViewOf(session, typeof task === 'string' ? task : '')});
	app.changed();
}

/** A key that was pressed alone, by its name. */
export function keyNamed(name: string): KeyPress {
	const text = name === 'space' ? ' ' : [...name].length === 1 ? name : '';
	return {name, text, burst: false};
}
