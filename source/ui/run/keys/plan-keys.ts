import {notify, type App} from '../../app-store.ts';
import {textBoxOf} from '../../widgets/text-box/text-box-state.ts';
import {changeView} from '../change-view.ts';
import {railsOf} from '../rails.ts';
import type {RunView} from '../run-view.ts';
import type {RunCommands} from './run-commands.ts';

/** Finds a subtask by its id or title. */
export const planCommands: RunCommands = {
	find(app, view) {
		app.store.setState({
			dialog: {
				kind: 'text',
				title: 'Find a subtask',
				state: textBoxOf(view.planQuery),
				placeholder: 'part of its id or title',
				history: [],
				at: 0,
				submit(text) {
					const planQuery = text.trim() === '' ? undefined : text.trim();
					changeView(app, {planQuery, focus: {pane: 'plan'}, zoom: undefined});
					const now = app.store.getState().run;
					if (now) {
						select(app, now, 0, 1);
					}
				},
			},
		});
	},
	'find-next': (app, view) => select(app, view, 1, 1),
	'find-previous': (app, view) => select(app, view, -1, -1),
};

/** Selects the next match, starting `from` rows away from the selection and wrapping around. */
function select(app: App, view: RunView, from: number, step: 1 | -1): void {
	const plan = view.session.state().plan?.plan;
	const {planQuery} = view;
	if (!plan || planQuery === undefined) {
		notify(app, 'No search yet; press /.', 'quiet');
		return;
	}

	const {rows} = railsOf(plan);
	const wanted = planQuery.toLowerCase();
	for (let turn = 0; turn < rows.length; turn++) {
		const at = (view.subtasks.selected + from + turn * step + 2 * rows.length) % rows.length;
		const subtask = rows[at]?.subtask;
		if (subtask && `${subtask.id} ${subtask.title}`.toLowerCase().includes(wanted)) {
			changeView(app, {subtasks: {...view.subtasks, selected: at}});
			return;
		}
	}

	notify(app, `No subtask contains “${planQuery}”.`, 'warning');
}
