import type {ReactNode} from 'react';
import {createStore, type StoreApi} from 'zustand/vanilla';
import type {Actions} from '../core/actions.ts';
import type {RunCatalog} from '../core/run.ts';
import {sanitizeLine} from '../core/text.ts';
import type {Row, Tone} from '../present/text/row.ts';
import type {KeyPress} from './keys/key-press.ts';
import type {HomeView} from './home/home-view.ts';
import type {RunKind, RunSession, SessionOptions} from '../session/run-session.ts';
import type {RunView} from './run/run-view.ts';
import type {Theme} from './theme.ts';
import type {TextBoxState} from './widgets/text-box/text-box-state.ts';

/** One line that tells what became of the last key. */
export type Notice = {
	readonly text: string;
	readonly tone: Tone;
	/** Whether the run that is shown had ended when it was told: what is older is not worth more than the end. */
	readonly atEnd: boolean;
};

/** What lies over the screen and takes all keys. */
export type Dialog =
	| {
			readonly kind: 'text';
			readonly title: string;
			readonly state: TextBoxState;
			readonly placeholder: string;
			/** Texts that were sent before: ↑ and ↓ bring them back. */
			readonly history: readonly string[];
			/** Place in the history, its length for the text that is being written. */
			readonly at: number;
			/** What was being written when the history was gone through. */
			readonly written?: string | undefined;
			/** What is told of a text that cannot be sent. */
			readonly problem?: string | undefined;
			readonly submit: (text: string) => void;
			/** Keeps what was written for the next time. */
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
	/** Grows when something outside of this state may look different. */
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

/** What a view can do beyond the screen; made when it is first needed. */
export type Services = {readonly actions: Actions; readonly catalog: RunCatalog};

/** What the screen asks of the terminal beside drawing. */
export type TerminalControl = {
	/** Gives the terminal away while something else runs in it. */
	lend<Value>(work: () => Promise<Value>): Promise<Value>;
	/** Stops this process as Ctrl+Z does, until `fg`. */
	suspend(): Promise<void>;
	redraw(): void;
	/** Puts a text into the clipboard, where the terminal allows it (OSC 52). */
	copy(text: string): void;
	/** Calls for a person who looks elsewhere. */
	notify(text: string): void;
};

/** All that shows a run. */
export type RunPart = {
	readonly RunScreen: (props: {
		readonly view: RunView;
		readonly state: AppState;
		readonly app: App;
	}) => ReactNode;
	readonly openSession: (run: RunKind, options: SessionOptions) => RunSession;
	readonly runViewOf: (session: RunSession, task: string) => RunView;
	readonly refreshRun: (view: RunView, app: App) => RunView;
	/** Whether the key was one of a run's. */
	readonly pressOnRun: (app: App, view: RunView, press: KeyPress) => boolean;
};

/** Everything that keys act on. */
export type App = {
	readonly store: AppStore;
	readonly theme: Theme;
	readonly terminal: TerminalControl;
	readonly services: () => Promise<Services>;
	/** Where new runs work. */
	readonly directory: string;
	/** Wall clock, ms. */
	readonly now: () => number;
	/** What shows runs, once it is loaded. */
	readonly runPart: () => RunPart | undefined;
	/** Something outside of the store may look different: draw soon. */
	readonly changed: () => void;
	/** Makes a run and shows it; rejects when it cannot be made. */
	readonly showRun: (
		/** `signal`: aborted when nobody looks at the run any more. */
		make: (services: Services, signal: AbortSignal) => Promise<RunKind>,
	) => Promise<void>;
	/** Ctrl+C: the second one within a short time stops and leaves. */
	readonly breakOff: () => void;
	/** `q`: leaves what is shown, after asking where something would stop. */
	readonly leave: () => void;
};

export function notify({store}: Pick<App, 'store'>, text: string, tone: Tone = 'plain'): void {
	const atEnd = store.getState().run?.session.state().report !== undefined;
	store.setState({notice: {text: sanitizeLine(text), tone, atEnd}});
}

/** Tells of an error what it says, in the line for that. */
export function tellError(app: App, error: unknown): void {
	notify(app, wordsOf(error), 'bad');
}

/** What an error says, and what to do about it where it knows. */
export function wordsOf(error: unknown): string {
	const hint =
		typeof error === 'object' && error !== null && 'hint' in error && typeof error.hint === 'string'
			? ` → ${error.hint}`
			: '';
	return `${error instanceof Error ? error.message : String(error)}${hint}`;
}
