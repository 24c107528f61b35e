import {notify, type App} from '../app-store.ts';
import {commandFor, type KeyCommand} from '../keys/key-map.ts';
import type {KeyPress} from '../keys/key-press.ts';
import {moveOf} from '../keys/moves.ts';
import {moveSelection, type Move} from '../run/list-window.ts';
import {textActionFor} from '../widgets/text-box/text-box-keys.ts';
import {editText, textBoxOf} from '../widgets/text-box/text-box-state.ts';
import {editInEditor} from '../edit-in-editor.ts';
import {askForDirectory} from './ask-directory.ts';
import {changeHome} from './change-home.ts';
import {homeLayout} from './home-layout.ts';
import {selectedRun, selectedTeam, type HomePart, type HomeView} from './home-view.ts';
import {loadMoreRuns} from './load-home.ts';
import {askForTeam} from './new-team.ts';
import {openRun, replayRun, resumeRun, startDemo, startTask, undoRun} from './run-actions.ts';
import {chooseProvider} from './choose-provider.ts';
import {deleteTeam, closeTest, scrollTest, testTeam} from './team-actions.ts';

/** Handles a key of the home screen; returns whether it was one. */
export function handleHomeKey(app: App, view: HomeView, press: KeyPress): boolean {
	if (view.part === 'task' && handleTaskKey(app, view, press)) {
		return true;
	}

	const found = commandFor(press.name, view.part === 'task' ? ['home'] : ['home', 'list']);
	if (!found || (view.part === 'task' && press.text !== '')) {
		return false;
	}

	if (press.burst && immediate.has(found.command)) {
		return true;
	}

	app.store.setState({notice: undefined});
	return actOn(found.command, app, view);
}

/** Keys that act without confirmation, which are ignored in an unmarked paste. */
const immediate: ReadonlySet<KeyCommand> = new Set(['demo', 'test-provider', 'resume', 'leave']);

function handleTaskKey(app: App, view: HomeView, press: KeyPress): boolean {
	const found = press.burst ? undefined : commandFor(press.name, ['text']);
	switch (found?.command) {
		case 'submit':
			startTask(app, view);
			return true;
		case 'newline':
			changeHome(app, {task: editText(view.task, {type: 'insert', text: '\n'})});
			return true;
		case 'dismiss':
			changeHome(app, {part: 'teams'});
			return true;
		case 'editor':
			editInEditor(app, view.task.text, text => {
				changeHome(app, {task: textBoxOf(text)});
			});
			return true;
		default: {
			const action = press.name === 'tab' ? undefined : textActionFor(press);
			if (action) {
				changeHome(app, {task: editText(view.task, action)});
			}

			return action !== undefined;
		}
	}
}

/** The parts that Tab cycles through. The task is not one: typing starts only after `i` or Enter. */
const parts: readonly HomePart[] = ['teams', 'runs', 'providers'];

function actOn(command: KeyCommand, app: App, view: HomeView): boolean {
	const run = view.part === 'runs' ? selectedRun(view) : undefined;
	const move = moveOf(command);
	if (move !== undefined) {
		moveInList(app, view, move);
		return true;
	}

	switch (command) {
		case 'next-part':
		case 'previous-part':
			switchPart(app, view, command === 'next-part' ? 1 : -1);
			return true;
		case 'demo':
			startDemo(app);
			return true;
		case 'new-team':
			askForTeam(app);
			return true;
		case 'delete-team':
			if (view.part === 'teams') {
				deleteTeam(app, view);
			}

			return view.part === 'teams';
		case 'test-provider':
			if (view.part !== 'runs') {
				testTeam(app, view);
			}

			return view.part !== 'runs';
		case 'write-task':
			writeTask(app, view);
			return true;
		case 'open':
			open(app, view);
			return true;
		case 'resume':
			resumeRun(app, run);
			return true;
		case 'replay':
			replayRun(app, run);
			return true;
		case 'undo':
			undoRun(app, run);
			return true;
		case 'directory':
			askForDirectory(app, view.directory);
			return true;
		case 'back':
			goBack(app, view);
			return true;
		case 'leave':
			app.leave();
			return true;
		default:
			return false;
	}
}

function switchPart(app: App, view: HomeView, step: 1 | -1): void {
	const next = parts[(parts.indexOf(view.part) + step + parts.length) % parts.length];
	changeHome(app, {part: next ?? 'teams'});
}

function writeTask(app: App, view: HomeView): void {
	if (selectedTeam(view) === undefined) {
		notify(
			app,
			view.teams
				? 'A task needs a team: n creates one. d runs the demo without one.'
				: 'Teams are still loading; Ctrl+L refreshes.',
			'warning',
		);
		changeHome(app, {part: 'teams'});
		return;
	}

	changeHome(app, {part: 'task'});
}

function open(app: App, view: HomeView): void {
	switch (view.part) {
		case 'runs':
			openRun(app, selectedRun(view));
			break;
		case 'providers':
			chooseProvider(app, view);
			break;
		case 'teams':
		case 'task':
			writeTask(app, view);
			break;
	}
}

function goBack(app: App, view: HomeView): void {
	if (view.test) {
		closeTest(app, view.test);
	} else if (view.part === 'teams') {
		notify(app, 'There is nothing to go back to; q quits.', 'quiet');
	}

	changeHome(app, {part: 'teams'});
}

function moveInList(app: App, view: HomeView, move: Move): void {
	const {teams, runs, providers} = homeLayout(view, app.store.getState());
	const within = (items: readonly unknown[] | undefined, {height}: {readonly height: number}) => ({
		length: items?.length ?? 0,
		height: Math.max(1, height - 1),
	});
	switch (view.part) {
		case 'runs': {
			const run = moveSelection(view.run, move, within(view.runs, runs));
			changeHome(app, {run});
			if (run.selected === (view.runs?.length ?? 0) - 1) {
				loadMoreRuns(app);
			}

			break;
		}

		case 'providers':
			if (view.test) {
				scrollTest(app, view.test, move, providers);
			} else {
				changeHome(app, {
					provider: moveSelection(view.provider, move, within(view.providers, providers)),
				});
			}

			break;
		case 'teams':
		case 'task':
			changeHome(app, {team: moveSelection(view.team, move, within(view.teams, teams))});
			break;
	}
}

/** Inserts pasted text into the task while it is being written. */
export function pasteIntoTask(app: App, text: string): void {
	const {home, run} = app.store.getState();
	if (home?.part === 'task' && !run) {
		const inserted = text.replaceAll(/\r\n?/g, '\n');
		changeHome(app, {task: editText(home.task, {type: 'insert', text: inserted})});
	}
}
