import {notify, type App} from '../app-store.ts';
import {commandFor, type KeyCommand} from '../keys/key-map.ts';
import type {KeyPress} from '../keys/key-press.ts';
import {moveOf} from '../keys/moves.ts';
import {moveIn, type Move} from '../run/list-window.ts';
import {textActionFor} from '../widgets/text-box/text-box-keys.ts';
import {editText, textBoxOf} from '../widgets/text-box/text-box-state.ts';
import {writeInEditor} from '../edit-in-editor.ts';
import {askForDirectory} from './ask-directory.ts';
import {changeHome} from './change-home.ts';
import {homeLayout} from './home-layout.ts';
import {selectedRun, selectedTeam, type HomePart, type HomeView} from './home-view.ts';
import {loadMoreRuns} from './load-home.ts';
import {askForTeam} from './new-team.ts';
import {openRun, replayRun, resumeRun, startDemo, startTask, undoRun} from './run-actions.ts';
import {takeProvider} from './use-provider.ts';
import {deleteTeam, putTestAway, scrollTest, testTeam} from './team-actions.ts';

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
			turn(app, view, command === 'next-part' ? 1 : -1);
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

function turn(app: App, view: HomeView, step: 1 | -1): void {
	const next = parts[(parts.indexOf(view.part) + step + parts.length) % parts.length];
	changeHome(app, {part: next ?? 'teams'});
}

function writeTask(app: App, view: HomeView): void {
	if (selectedTeam(view) === undefined) {
		notify(
			app,
			view.teams
				? 'A task needs a team: n makes one. d shows a whole run without any.'
				: 'The teams are not read yet; Ctrl+L looks again.',
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
			takeProvider(app, view);
			break;
		case 'teams':
		case 'task':
			writeTask(app, view);
			break;
	}
}

function goBack(app: App, view: HomeView): void {
	if (view.test) {
		putTestAway(app, view.test);
	} else if (view.part === 'teams') {
		notify(app, 'Nothing lies over this screen; q leaves.', 'quiet');
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
			const run = moveIn(view.run, move, within(view.runs, runs));
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
					provider: moveIn(view.provider, move, within(view.providers, providers)),
				});
			}

			break;
		case 'teams':
		case 'task':
			changeHome(app, {team: moveIn(view.team, move, within(view.teams, teams))});
			break;
	}
}

/** Puts pasted text into the task, where the task is what is written. */
export function pasteIntoTask(app: App, text: string): void {
	const {home, run} = app.store.getState();
	if (home?.part === 'task' && !run) {
		const inserted = text.replaceAll(/\r\n?/g, '\n');
		changeHome(app, {task: editText(home.task, {type: 'insert', text: inserted})});
	}
}
