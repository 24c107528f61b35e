import {render} from 'ink';
import type {StartedRun} from '../core/actions.ts';
import {
	createAppStore,
	tellError,
	type App,
	type AppStore,
	type RunPart,
	type Services,
} from './app-store.ts';
import {Root} from './app.tsx';
import {guarded} from '../session/guarded.ts';
import {heardInput} from './input-tap.ts';
import {homeViewOf} from './home/home-view.ts';
import {loadHome, lookAgain} from './home/load-home.ts';
import {createLeaving} from './leaving.ts';
import {createPulse} from './draw-throttle.ts';
import type {FailureList} from '../session/failure-list.ts';
import type {RunKind, RunSession} from '../session/run-session.ts';
import {createSessions} from './sessions.ts';
import {stopReading} from './stop-reading.ts';
import {createTerminal, type Notification} from './terminal-control.ts';
import {createTheme, type ThemeOptions} from './theme.ts';
import {watchOwner} from './watch-owner.ts';
import {watchWaysOut} from './restore-on-exit.ts';

export type AppOptions = {
	readonly start: {readonly screen: 'home'} | {readonly screen: 'run'; readonly run: RunKind};
	readonly services: () => Promise<Services>;
	readonly directory: string;
	readonly theme: ThemeOptions;
	readonly notification: Notification;
	readonly screenReader: boolean;
	readonly now: () => number;
	/** Ends the program at once: the person does not want to wait for what is being stopped. */
	readonly abandon: () => void;
	/** Ends the view, as when the system wants the program to end. */
	readonly signal: AbortSignal;
};

/** How the view ended: left by the person (with runs of this process that go on or are over), or broken. */
export type AppEnd = {
	/** Runs of this process that were started or shown here, the last one last. */
	readonly own: readonly StartedRun[];
	readonly problem: Error | undefined;
};

/** Frames a second at most while much happens; keys are drawn at once. */
const pulseMs = 100;

/** What is read aloud must not be said anew ten times a second, ms. */
const spokenPulseMs = 3_000;

/** After this time without a key nobody may be looking, ms. */
const awayMs = 20_000;

/** Ink draws from the column on that echoed keys have left the cursor in. */
const lineStart = '\r';

/** Opens the full-screen view; resolves when it was left, the terminal being as it was. */
export async function openApp(options: AppOptions): Promise<AppEnd> {
	const {stdout} = process;
	const sessions = createSessions();
	let lastKey = options.now();
	let end: ((error: unknown) => void) | undefined;
	/** Ends the view, not the runs: they go on without it. */
	const fail = (error: unknown) => {
		if (!end) {
			throw error;
		}

		end(error);
	};
	const terminal = createTerminal(stdout, {
		notification: options.notification,
		onIdle: () => options.now() - lastKey > awayMs,
		onReturn() {
			lookAgain(app);
		},
		redraw() {
			instance.clear();
			pulse.want();
		},
	});
	const store = createAppStore({
		columns: stdout.columns,
		rows: stdout.rows,
		home: options.start.screen === 'home' ? homeViewOf(options.directory) : undefined,
		run: undefined,
	});
	const pulse = createPulse(
		() => {
			guarded(fail, () => {
				const {run, tick} = store.getState();
				store.setState({
					tick: tick + 1,
					...(run && part ? {run: part.refreshRun(run, app)} : {}),
				});
			});
		},
		options.screenReader ? spokenPulseMs : pulseMs,
	);

	let part: RunPart | undefined;
	const loadPart = async (): Promise<RunPart> =>
		(part ??= (await import('./run/run-part.ts')).runPart);

	/** The failures of runs that were looked at here: a run that is resumed brings the seen ones no more. */
	const failures = new Map<string, FailureList>();
	const open = (run: RunKind, {openSession}: RunPart): RunSession => {
		const {id} = run.run;
		const session = openSession(run, {
			seenFailures: run.kind === 'replay' ? undefined : failures.get(id)?.seen(),
			changed: pulse.want,
			fail,
			async readDiff(id, change) {
				const {actions} = await options.services();
				return actions.readDiff(id, change);
			},
		});
		if (run.kind !== 'replay') {
			failures.set(id, session.failures);
		}

		session.load().catch((error: unknown) => {
			tellError(app, error);
		});
		return session;
	};

	const show = async (run: RunKind, opened: AbortController): Promise<void> => {
		const loaded = await loadPart();
		const session = sessions.follow(run, opened, kind => open(kind, loaded));
		await session.catchUp().catch((error: unknown) => {
			tellError(app, error);
		});
		const task = await run.run.read(session.state().task);
		store.setState({run: loaded.runViewOf(session, task), dialog: undefined, notice: undefined});
		pulse.want();
	};

	const leaving = createLeaving({
		store,
		now: options.now,
		own: sessions.own,
		goHome() {
			store.setState(({home}) => ({run: undefined, dialog: undefined, home}));
			sessions.leave();
			loadHome(app);
		},
		exit() {
			instance.unmount();
		},
		abandon() {
			instance.unmount();
			options.abandon();
		},
	});
	const app: App = {
		store,
		theme: createTheme(options.theme),
		terminal,
		services: options.services,
		directory: options.directory,
		now: options.now,
		runPart: () => part,
		changed: pulse.want,
		async showRun(make) {
			const opened = new AbortController();
			await show(await make(await options.services(), opened.signal), opened);
		},
		...leaving,
	};
	if (options.start.screen === 'run') {
		await show(options.start.run, new AbortController());
	}

	const stopLooking = watchOwner(app);
	const stopForgetting = forgetNotices(store);
	const stopMending = mendAfterResizing(store, terminal.redraw);
	stopEcho(process.stdin);
	stdout.write(lineStart);
	const instance = render(
		<Root
			app={app}
			onReady={(lend, breakDown) => {
				terminal.ready(async work =>
					lend(async () => {
						await stopReading(process.stdin);
						await work().finally(() => stdout.write(lineStart));
					}),
				);
				end = breakDown;
				terminal.open();
				return terminal.close;
			}}
			onKey={() => {
				lastKey = options.now();
			}}
		/>,
		{
			stdin: heardInput(process.stdin, terminal.hear),
			alternateScreen: !options.screenReader,
			incrementalRendering: true,
			interactive: true,
			exitOnCtrlC: false,
			patchConsole: true,
			isScreenReaderEnabled: options.screenReader,
		},
	);
	const clock = setInterval(() => {
		const session = store.getState().run?.session;
		const isShown = session !== undefined && !options.screenReader;
		if (isShown && session.source.kind !== 'replay' && !session.state().report) {
			pulse.want();
		}
	}, 1_000);
	const leave = () => {
		instance.unmount();
	};
	const stopWatching = watchWaysOut(process.stdin, leave);
	options.signal.addEventListener('abort', leave, {once: true});
	if (options.signal.aborted) {
		leave();
	}

	if (options.start.screen === 'home') {
		await instance.waitUntilRenderFlush();
		loadHome(app);
		// So that the first run is there at once.
		loadPart().catch((error: unknown) => {
			tellError(app, error);
		});
	}

	try {
		await instance.waitUntilExit();
		return {own: sessions.own(), problem: undefined};
	} catch (error) {
		return {
			own: sessions.own(),
			problem: error instanceof Error ? error : new Error(String(error)),
		};
	} finally {
		options.signal.removeEventListener('abort', leave);
		stopWatching();
		clearInterval(clock);
		stopLooking();
		stopForgetting();
		stopMending();
		pulse.stop();
		sessions.close();
	}
}

/**
 * Ink asks for raw mode after its first frame: a key that comes before would be written behind the last
 * character of the last row, and all rows would move up. Ink takes raw mode back at its end.
 */
function stopEcho(input: NodeJS.ReadStream): void {
	if (input.isTTY) {
		input.setRawMode(true);
	}
}

/** How long a notice stays: it gives way to what waits to be seen. */
const noticeMs = 6_000;

function forgetNotices(store: AppStore): () => void {
	let timer: NodeJS.Timeout | undefined;
	const unsubscribe = store.subscribe(({notice}, before) => {
		if (notice !== before.notice) {
			clearTimeout(timer);
			timer = notice && setTimeout(() => store.setState({notice: undefined}), noticeMs);
		}
	});
	return () => {
		clearTimeout(timer);
		unsubscribe();
	};
}

/** How long a terminal of changing size has to rest before all is drawn anew, ms. */
const restMs = 60;

/** Terminals move and cut what is there when their size changes: what was drawn is not there any more. */
function mendAfterResizing(store: AppStore, redraw: () => void): () => void {
	let timer: NodeJS.Timeout | undefined;
	const unsubscribe = store.subscribe(({columns, rows}, before) => {
		if (columns !== before.columns || rows !== before.rows) {
			clearTimeout(timer);
			timer = setTimeout(redraw, restMs);
		}
	});
	return () => {
		clearTimeout(timer);
		unsubscribe();
	};
}
