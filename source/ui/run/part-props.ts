import type {App} from '../app-store.ts';
import type {Size} from './layout.ts';
import type {RunView} from './run-view.ts';

/** What a part of the run screen is drawn from, and the place that it has. */
export type PartProps = {readonly view: RunView; readonly size: Size; readonly app: App};
