import type {App} from '../app-store.ts';
import type {RunView} from './run-view.ts';

/** Changes the view of the shown run. */
export function changeView(app: App, fields: Partial<RunView>): void {
	const {run} = app.store.getState();
	if (run) {
		app.store.setState({run: {...run, ...fields}});
	}
}
