import type {App, AppState} from '../app-store.ts';
import type {Size} from './layout.ts';
import type {RunView} from './run-view.ts';

/** What a part of the run screen is drawn from, and the place that it has. */
export type PartProps = {readonly view: RunView; readonly size: Size; readonly app: App};

/** What the whole run screen is drawn from. */
export type RunScreenProps = {readonly view: RunView; readonly state: AppState; readonly app: App};
