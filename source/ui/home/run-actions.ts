import type {RunSummary} from '../../core/run.ts';
import {counted} from '../../present/words.ts';
import {notify, tellError, type App} from '../app-store.ts';
import {textBoxOf} from '../widgets/text-box/text-box-state.ts';
import {ask} from '../confirm.ts';
import {changeHome} from './change-home.ts';
import {selectedTeam, type HomeView} from './home-view.ts';
import {loadHome} from './load-home.ts';

/** Starts the run that was written, and shows it. */
export function startTask(app: App, view: HomeView): void {
	const team = selectedTeam(view);
	const task = view.task.text.trim();
	if (!team || task === '') {
		notify(
			app,
			team ? 'Write what is to be done.' : 'A task needs a team: Esc, then n.',
			'warning',
		);
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

/** Looks at a run, whoever works on it. */
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
		notify(app, 'Select a run: Tab.', 'quiet');
		return;
	}

	show(app, async ({actions}) => ({kind: 'own', run: await actions.resumeRun(run.run)}));
}

export function replayRun(app: App, run: RunSummary | undefined): void {
	if (!run) {
		notify(app, 'Select a run: Tab.', 'quiet');
		return;
	}

	show(app, async ({actions}, signal) => ({
		kind: 'replay',
		run: await actions.replayRun(run.run, signal),
	}));
}

export function undoRun(app: App, run: RunSummary | undefined): void {
	if (!run) {
		notify(app, 'Select a run: Tab.', 'quiet');
		return;
	}

	const what = `Take back what “${run.task}” changed in ${run.directory}?`;
	ask(
		app,
		what,
		`${counted(run.completed, 'subtask')} were done. Later edits of the same files are kept.`,
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
						tellError(app, error);
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
			tellError(app, error);
		})
		.finally(() => {
			changeHome(app, {opening: false});
		});
}
