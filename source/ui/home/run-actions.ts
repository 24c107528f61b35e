import {counted} from '../../core/text.ts';
import type {RunSummary} from '../../core/run-summary.ts';
import {notify, reportError, type App} from '../app-store.ts';
import {textBoxOf} from '../widgets/text-box/text-box-state.ts';
import {confirm} from '../confirm.ts';
import {changeHome} from './change-home.ts';
import {selectedTeam, type HomeView} from './home-view.ts';
import {loadHome} from './load-home.ts';

/** Starts a run with the written task, and shows it. */
export function startTask(app: App, view: HomeView): void {
	const team = selectedTeam(view);
	const task = view.task.text.trim();
	if (!team || task === '') {
		notify(app, team ? 'Write a task first.' : 'A task needs a team: Esc, then n.', 'warning');
		return;
	}

	notify(app, 'Starting …', 'quiet');
	show(app, async ({actions}) => {
		const run = await actions.startRun({team: team.name, task, directory: view.directory});
		changeHome(app, {task: textBoxOf(), part: 'runs'});
		return {kind: 'own', run};
	});
}

export function startDemo(app: App): void {
	notify(app, 'Starting the demo …', 'quiet');
	show(app, async ({actions}) => ({kind: 'own', run: await actions.startDemo()}));
}

/** Opens a run of any process. */
export function openRun(app: App, run: RunSummary | undefined): void {
	if (run) {
		show(app, async ({catalog}, signal) => ({
			kind: 'attached',
			run: await catalog.open(run.run, signal),
		}));
	}
}

export function resumeRun(app: App, run: RunSummary | undefined): void {
	if (!run) {
		notify(app, 'Select a run first: Tab goes to the list.', 'quiet');
		return;
	}

	show(app, async ({actions}) => ({kind: 'own', run: await actions.resumeRun(run.run)}));
}

export function replayRun(app: App, run: RunSummary | undefined): void {
	if (!run) {
		notify(app, 'Select a run first: Tab goes to the list.', 'quiet');
		return;
	}

	show(app, async ({actions}, signal) => ({
		kind: 'replay',
		run: await actions.replayRun(run.run, signal),
	}));
}

export function undoRun(app: App, run: RunSummary | undefined): void {
	if (!run) {
		notify(app, 'Select a run first: Tab goes to the list.', 'quiet');
		return;
	}

	const what = `Undo what “${run.task}” changed in ${run.directory}?`;
	confirm(
		app,
		what,
		`${counted(run.completed, 'subtask')} completed. Files changed since are kept.`,
		() => {
			app
				.services()
				.then(async ({actions}) => actions.undoRun(run.run))
				.then(
					text => {
						notify(app, text, 'good');
						loadHome(app);
					},
					(error: unknown) => {
						reportError(app, error);
					},
				);
		},
	);
}

function show(app: App, make: Parameters<App['showRun']>[0]): void {
	if (app.store.getState().home?.opening === true) {
		return;
	}

	changeHome(app, {opening: true});
	app
		.showRun(make)
		.catch((error: unknown) => {
			reportError(app, error);
		})
		.finally(() => {
			changeHome(app, {opening: false});
		});
}
