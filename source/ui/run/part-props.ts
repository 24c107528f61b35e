import type {App, AppState} from '../app-store.ts';
import type {Size} from './layout.ts';
import type {RunView} from './run-view.ts';

/** Props of a part of the run screen. */
export type PartProps = {readonly view: RunView; readonly size: Size; readonly app: App};

/** Props of the run screen. */
export type RunScreenProps = {readonly view: RunView; readonly state: AppState; readonly app: App};
