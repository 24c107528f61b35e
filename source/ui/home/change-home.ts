import type {App} from '../app-store.ts';
import type {HomeView} from './home-view.ts';

export function changeHome(app: App, fields: Partial<HomeView>): void {
	const {home} = app.store.getState();
	if (home) {
		app.store.setState({home: {...home, ...fields}});
	}
}
