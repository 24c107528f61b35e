import {render} from 'ink';
import type {OwnedRun} from '../core/run.ts';
import {signalExitCodes} from '../core/signal-exit-codes.ts';
import {
	createAppStore,
	reportError,
	type App,
	type AppStore,
	type RunPart,
	type Services,
} from './app-store.ts';
import {Root} from './app.tsx';
import {guarded} from '../session/guarded.ts';
import {tapInput} from './input-tap.ts';
import {homeViewOf} from './home/home-view.ts';
import {loadHome, refreshHome} from './home/load-home.ts';
import {createExitControl} from './exit-control.ts';
import {createDrawThrottle} from './draw-throttle.ts';
import type {FailureList} from '../session/failure-list.ts';
import type {RunKind, RunSession} from '../session/run-session.ts';
import {createSessions} from './sessions.ts';
import {stopReading} from './stop-reading.ts';
import {createTerminal, type Notification} from './terminal-control.ts';
import {createTheme, type ThemeOptions} from './theme.ts';
import {watchOwner} from './watch-owner.ts';
import {restoreOnExit} from './restore-on-exit.ts';

export type AppOptions = {
	readonly start: {readonly screen: 'home'} | {readonly screen: 'run'; readonly run: RunKind};
	readonly services: () => Promise<Services>;
	readonly directory: string;
	readonly theme: ThemeOptions;
	readonly notification: Notification;
	readonly screenReader: boolean;
	readonly now: () => number;
	readonly terminal: {readonly input: NodeJS.ReadStream; readonly output: NodeJS.WriteStream};
	/** Exits immediately, without waiting for runs to stop. */
	readonly exitNow: (code: number) => void;
	/** Closes the view, for example on SIGTERM. */
	readonly signal: AbortSignal;
};

/**
 * How the view ended: left by the user (runs of this process may be running or ended), or with an
 * error.
 */
export type AppEnd = {
	/** Runs of this process that were started or shown here, most recent last. */
	readonly own: readonly OwnedRun[];
	readonly problem: Error | undefined;
};

/** Minimum time between frames, in ms; keys are drawn immediately. */
const frameMs = 100;

/** The same for screen readers, which read every frame, in ms. */
const screenReaderFrameMs = 3_000;

/** Time without a key after which the user may be away, in ms. */
const idleMs = 20_000;

/** Ink draws from the current column, which echoed keys may have changed. */
const lineStart = '\r';

/** Opens the full-screen view; resolves when it is closed and the terminal is restored. */
export async function openApp(options: AppOptions): Promise<AppEnd> {
	const {input: stdin, output: stdout} = options.terminal;
	const sessions = createSessions();
	let lastKey = options.now();
	let end: ((error: unknown) => void) | undefined;
	/** Ends the view, but not the runs. */
	const fail = (error: unknown) => {
		if (!end) {
			throw error;
		}

		end(error);
	};
	const terminal = createTerminal(stdout, {
		notification: options.notification,
		onIdle: () => options.now() - lastKey > idleMs,
		onReturn() {
			refreshHome(app);
		},
		redraw() {
			instance.clear();
			throttle.request();
		},
	});
	const store = createAppStore({
		columns: stdout.columns,
		rows: stdout.rows,
		home: options.start.screen === 'home' ? homeViewOf(options.directory) : undefined,
		run: undefined,
	});
	const throttle = createDrawThrottle(
		() => {
			guarded(fail, () => {
				const {run, tick} = store.getState();
				store.setState({
					tick: tick + 1,
					...(run && part ? {run: part.refreshRun(run, app)} : {}),
				});
			});
		},
		options.screenReader ? screenReaderFrameMs : frameMs,
	);

	let part: RunPart | undefined;
	const loadPart = async (): Promise<RunPart> =>
		(part ??= (await import('./run/run-part.ts')).runPart);

	/** Failures of runs shown here, so that a resumed run does not bring back seen ones. */
	const failures = new Map<string, FailureList>();
	const open = (run: RunKind, {openAttemptSession}: RunPart): RunSession => {
		const {id} = run.run;
		const session = openAttemptSession(run, {
			seenFailures: run.kind === 'replay' ? undefined : failures.get(id)?.seen(),
			changed: throttle.request,
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
			reportError(app, error);
		});
		return session;
	};

	const show = async (run: RunKind, opened: AbortController): Promise<void> => {
		const loaded = await loadPart();
		const session = sessions.follow(run, opened, kind => open(kind, loaded));
		await session.catchUp().catch((error: unknown) => {
			reportError(app, error);
		});
		const task = await run.run.read(session.state().task);
		store.setState({run: loaded.runViewOf(session, task), dialog: undefined, notice: undefined});
		throttle.request();
	};

	const exitControl = createExitControl({
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
			options.exitNow(signalExitCodes.SIGINT);
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
		changed: throttle.request,
		async showRun(make) {
			const opened = new AbortController();
			await show(await make(await options.services(), opened.signal), opened);
		},
		...exitControl,
	};
	if (options.start.screen === 'run') {
		await show(options.start.run, new AbortController());
	}

	const stopWatchingOwner = watchOwner(app);
	const stopExpiring = expireNotices(store);
	const stopRedrawing = redrawAfterResize(store, terminal.redraw);
	enableRawMode(stdin);
	stdout.write(lineStart);
	const instance = render(
		<Root
			app={app}
			onReady={(suspendTerminal, failView) => {
				terminal.setSuspend(async work =>
					suspendTerminal(async () => {
						await stopReading(stdin);
						await work().finally(() => stdout.write(lineStart));
					}),
				);
				end = failView;
				terminal.open();
				return terminal.close;
			}}
			onKey={() => {
				lastKey = options.now();
			}}
		/>,
		{
			stdin: tapInput(stdin, terminal.onInput),
			stdout,
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
			throttle.request();
		}
	}, 1_000);
	const leave = () => {
		instance.unmount();
	};
	const stopRestoring = restoreOnExit({input: stdin, restore: leave, exitNow: options.exitNow});
	options.signal.addEventListener('abort', leave, {once: true});
	if (options.signal.aborted) {
		leave();
	}

	if (options.start.screen === 'home') {
		await instance.waitUntilRenderFlush();
		loadHome(app);
		// Preloaded, so that the first run opens without delay.
		loadPart().catch((error: unknown) => {
			reportError(app, error);
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
		stopRestoring();
		clearInterval(clock);
		stopWatchingOwner();
		stopExpiring();
		stopRedrawing();
		throttle.stop();
		sessions.close();
	}
}

/**
 * Ink enables raw mode after its first frame: an earlier key would be echoed after the last character
 * of the last row and scroll the screen. Ink disables raw mode at its end.
 */
function enableRawMode(input: NodeJS.ReadStream): void {
	if (input.isTTY) {
		input.setRawMode(true);
	}
}

/** How long a notice is shown, in ms. */
const noticeMs = 6_000;

function expireNotices(store: AppStore): () => void {
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

/** How long the size must be stable before redrawing, in ms. */
const settleMs = 60;

/** Redraws everything after a resize, because terminals reflow what was drawn. */
function redrawAfterResize(store: AppStore, redraw: () => void): () => void {
	let timer: NodeJS.Timeout | undefined;
	const unsubscribe = store.subscribe(({columns, rows}, before) => {
		if (columns !== before.columns || rows !== before.rows) {
			clearTimeout(timer);
			timer = setTimeout(redraw, settleMs);
		}
	});
	return () => {
		clearTimeout(timer);
		unsubscribe();
	};
}
