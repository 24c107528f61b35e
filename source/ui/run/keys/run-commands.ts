import type {App} from '../../app-store.ts';
import type {KeyCommand} from '../../keys/key-map.ts';
import type {KeyPress} from '../../keys/key-press.ts';
import type {RunView} from '../run-view.ts';

/** Acts on a run or its view. */
export type RunKeyHandler = (app: App, view: RunView, press: KeyPress) => void;

export type RunCommands = Readonly<Partial<Record<KeyCommand, RunKeyHandler>>>;
