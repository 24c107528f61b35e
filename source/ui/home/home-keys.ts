import {notify, type App} from '../app-store.ts';
import {commandFor, type KeyCommand} from '../keys/key-map.ts';
import type {KeyPress} from '../keys/key-press.ts';
import {moveOf} from '../keys/moves.ts';
import {moveIn, type Move} from '../run/list-window.ts';
import {textActionFor} from '../widgets/text-box/text-box-keys.ts';
import {editText, textBoxOf} from '../widgets/text-box/text-box-state.ts';
import {writeInEditor} from '../write-in-editor.ts';
import {changeHome} from './change-home.ts';
import {askForTeam, deleteTeam, testTeam} from './team-actions.ts';
import {openRun, replayRun, resumeRun, startDemo, startTask, undoRun} from './run-actions.ts';
import {selectedRun, selectedTeam, type HomePart, type HomeView} from './home-view.ts';

/** Whether the key was one of the home screen's. */
export function pressOnHome(app: App, view: HomeView, press: KeyPress): boolean {
	if (view.part === 'task' && pressOnTask(app, view, press)) {
		return true;
	}

	const found = commandFor(press.name, view.part === 'task' ? ['home'] : ['home', 'list']);
	if (!found || (view.part === 'task' && press.text !== '')) {
		return false;
	}

	if (press.burst && atOnce.has(found.command)) {
		return true;
	}

	app.store.setState({notice: undefined});
	return actOn(found.command, app, view);
}

/** What a key does without a question: a letter of a text that was pasted unmarked does not. */
const atOnce: ReadonlySet<KeyCommand> = new Set(['demo', 'test-provider', 'resume', 'leave']);

function pressOnTask(app: App, view: HomeView, press: KeyPress): boolean {
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
			writeInEditor(app, view.task.text, text => {
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

/** What Tab goes through; a task is written after `i` or Enter, so that no key becomes text unasked. */
const parts: readonly HomePart[] = ['teams', 'runs'];

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
			turn(app, view, command === 'next-part' ? 1 : -1);
			return true;
		case 'demo':
			startDemo(app);
			return true;
		case 'new-team':
			askForTeam(app, view);
			return true;
		case 'delete-team':
		case 'test-provider':
			if (view.part === 'teams') {
				(command === 'delete-team' ? deleteTeam : testTeam)(app, view);
			}

			return view.part === 'teams';
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
			askForDirectory(app, view);
			return true;
		case 'leave':
			app.leave();
			return true;
		default:
			return false;
	}
}

function turn(app: App, view: HomeView, step: 1 | -1): void {
	const next = parts[(parts.indexOf(view.part) + step + parts.length) % parts.length];
	changeHome(app, {part: next ?? 'teams'});
}

function writeTask(app: App, view: HomeView): void {
	if (selectedTeam(view) === undefined) {
		notify(app, 'A task needs a team: n makes one. d shows a whole run without any.', 'warning');
		changeHome(app, {part: 'teams'});
		return;
	}

	changeHome(app, {part: 'task'});
}

function open(app: App, view: HomeView): void {
	if (view.part === 'runs') {
		openRun(app, selectedRun(view));
	} else {
		writeTask(app, view);
	}
}

function moveInList(app: App, view: HomeView, move: Move): void {
	const height = Math.max(3, Math.floor(app.store.getState().rows / 2));
	if (view.part === 'runs') {
		changeHome(app, {run: moveIn(view.run, move, {length: view.runs?.length ?? 0, height})});
	} else {
		changeHome(app, {team: moveIn(view.team, move, {length: view.teams?.length ?? 0, height})});
	}
}

function askForDirectory(app: App, view: HomeView): void {
	app.store.setState({
		dialog: {
			kind: 'text',
			title: 'Directory that new runs work in',
			state: textBoxOf(view.directory),
			placeholder: app.directory,
			history: [],
			at: 0,
			submit(text) {
				changeHome(app, {directory: text.trim() === '' ? app.directory : text.trim()});
			},
		},
	});
}

/** Puts pasted text into the task, where the task is what is written. */
export function pasteIntoTask(app: App, text: string): void {
	const {home, run} = app.store.getState();
	if (home?.part === 'task' && !run) {
		const inserted = text.replaceAll(/\r\n?/g, '\n');
		changeHome(app, {task: editText(home.task, {type: 'insert', text: inserted})});
	}
}
