import type {ReactNode} from 'react';
import {createStore, type StoreApi} from 'zustand/vanilla';
import type {Actions, TerminalActions} from '../core/actions.ts';
import type {RunCatalog} from '../core/run.ts';
import {sanitizeLine} from '../core/text.ts';
import type {Row, Tone} from '../present/text/row.ts';
import type {KeyPress} from './keys/key-press.ts';
import type {HomeView} from './home/home-view.ts';
import type {RunKind, RunSession, SessionOptions} from '../session/run-session.ts';
import type {RunView} from './run/run-view.ts';
import type {Theme} from './theme.ts';
import type {TextBoxState} from './widgets/text-box/text-box-state.ts';

/** One line about the result of the last key. */
export type Notice = {
	readonly text: string;
	readonly tone: Tone;
	/** Whether the shown run had already ended: older notices give way to the end of the run. */
	readonly atEnd: boolean;
};

/** A dialog above the screen; it gets all keys. */
export type Dialog =
	| {
			readonly kind: 'text';
			readonly title: string;
			readonly state: TextBoxState;
			readonly placeholder: string;
			/** Texts sent earlier, recalled by ↑ and ↓. */
			readonly history: readonly string[];
			/** Position in the history; its length means the current text. */
			readonly at: number;
			/** The unsent text while the history is browsed. */
			readonly written?: string | undefined;
			/** Why the text cannot be sent. */
			readonly problem?: string | undefined;
			readonly submit: (text: string) => void;
			/** Saves the text as a draft. */
			readonly dismiss?: ((text: string) => void) | undefined;
	  }
	| {
			readonly kind: 'confirm';
			readonly title: string;
			readonly rows: readonly Row[];
			readonly choices: readonly {
				readonly key: string;
				readonly label: string;
				readonly act: () => void;
			}[];
	  }
	| {readonly kind: 'help'; readonly top: number};

export type AppState = {
	readonly columns: number;
	readonly rows: number;
	/** Increases when something outside of this state may look different. */
	readonly tick: number;
	readonly home: HomeView | undefined;
	readonly run: RunView | undefined;
	readonly dialog: Dialog | undefined;
	readonly notice: Notice | undefined;
};

export type AppStore = StoreApi<AppState>;

export function createAppStore(
	start: Pick<AppState, 'columns' | 'rows' | 'home' | 'run'>,
): AppStore {
	return createStore<AppState>()(() => ({...start, tick: 0, dialog: undefined, notice: undefined}));
}

/** Actions beyond the screen; created on first use. */
export type Services = {
	readonly actions: Actions;
	readonly terminal: TerminalActions;
	readonly catalog: RunCatalog;
};

/** Terminal operations other than drawing. */
export type TerminalControl = {
	/** Releases the terminal while `work` runs in it. */
	runExternal<Value>(work: () => Promise<Value>): Promise<Value>;
	/** Suspends this process like Ctrl+Z, until `fg`. */
	suspend(): Promise<void>;
	redraw(): void;
	/** Copies a text to the clipboard, if the terminal allows it (OSC 52). */
	copy(text: string): void;
	/** Notifies a user who may be looking elsewhere. */
	notify(text: string): void;
};

/** Everything that shows a run. */
export type RunPart = {
	readonly RunScreen: (props: {
		readonly view: RunView;
		readonly state: AppState;
		readonly app: App;
	}) => ReactNode;
	readonly openAttemptSession: (run: RunKind, options: SessionOptions) => RunSession;
	readonly runViewOf: (session: RunSession, task: string) => RunView;
	readonly refreshRun: (view: RunView, app: App) => RunView;
	/** Returns whether the key was handled. */
	readonly handleRunKey: (app: App, view: RunView, press: KeyPress) => boolean;
};

/** Everything that key handlers act on. */
export type App = {
	readonly store: AppStore;
	readonly theme: Theme;
	readonly terminal: TerminalControl;
	readonly services: () => Promise<Services>;
	/** Where new runs work by default. */
	readonly directory: string;
	/** Wall clock, ms. */
	readonly now: () => number;
	/** The run UI, once it is loaded. */
	readonly runPart: () => RunPart | undefined;
	/** Requests a redraw because something outside of the store may look different. */
	readonly changed: () => void;
	/** Creates or opens a run and shows it; rejects when that fails. */
	readonly showRun: (
		/** `signal`: aborted when the run is no longer shown. */
		make: (services: Services, signal: AbortSignal) => Promise<RunKind>,
	) => Promise<void>;
	/** Ctrl+C: a second one within a short time stops the runs and quits. */
	readonly interrupt: () => void;
	/** `q`: leaves the screen, after asking if that would stop something. */
	readonly leave: () => void;
};

export function notify({store}: Pick<App, 'store'>, text: string, tone: Tone = 'plain'): void {
	const atEnd = store.getState().run?.session.state().report !== undefined;
	store.setState({notice: {text: sanitizeLine(text), tone, atEnd}});
}

export function reportError(app: App, error: unknown): void {
	notify(app, errorText(error), 'bad');
}

/** The message of an error, with its hint. */
export function errorText(error: unknown): string {
	const hint =
		typeof error === 'object' && error !== null && 'hint' in error && typeof error.hint === 'string'
			? ` → ${error.hint}`
			: '';
	return `${error instanceof Error ? error.message : String(error)}${hint}`;
}
