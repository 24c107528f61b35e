import {counted} from '../../../core/text.ts';
import {isFinal, undoableDelivery} from '../../../core/run-state.ts';
import {notify, reportError, type App} from '../../app-store.ts';
import {confirm} from '../../confirm.ts';
import {selectedAgent, selectedSubtask, shownRequest, type RunView} from '../run-view.ts';
import {askText} from './ask-text.ts';
import {askForLimits} from './limits.ts';
import {agentOf} from './log-keys.ts';
import type {RunCommands} from './run-commands.ts';
import {isResumable, resumeInPlace, resumeWithOtherLimits} from './resume.ts';
import {send} from './send.ts';

/** Commands to a run. No key stops more than it says. */
export const steeringCommands: RunCommands = {
	message(app, view) {
		const to = recipient(view);
		if (to === undefined || hasEnded(app, view)) {
			return;
		}

		const isLead = to === view.session.state().team?.lead.name;
		askText(app, view, {
			box: `message ${to}`,
			title: `Message to ${to}`,
			placeholder: isLead
				? 'The lead will revise the plan with it.'
				: 'The agent reads it before its next turn.',
			submit(text) {
				void send(app, view, {type: 'message', to, text}, `Sent to ${to}.`);
			},
		});
	},
	interrupt(app, view) {
		const agent = recipient(view);
		if (agent === undefined || hasEnded(app, view)) {
			return;
		}

		const known = view.session.state().agents.get(agent);
		if (known === undefined || known.activity === 'idle') {
			notify(app, `Nothing to interrupt: ${agent} is idle.`, 'quiet');
		} else {
			void send(
				app,
				view,
				{type: 'interrupt', agent},
				`Interrupted ${agent}; it is waiting for your message: m.`,
			);
		}
	},
	pause(app, view) {
		if (!hasEnded(app, view)) {
			const isPaused = view.session.state().status === 'paused';
			void send(
				app,
				view,
				{type: isPaused ? 'unpause' : 'pause'},
				isPaused ? 'Unpaused.' : 'Paused: nothing new starts. p unpauses.',
			);
		}
	},
	cancel(app, view) {
		const subtask = selectedSubtask(view);
		const known = subtask === undefined ? undefined : view.session.state().subtasks.get(subtask);
		if (subtask === undefined || hasEnded(app, view)) {
			return;
		}

		if (!known || isFinal(known.status)) {
			notify(
				app,
				known ? `${subtask} is ${known.status}.` : 'The plan is not approved yet.',
				'quiet',
			);
			return;
		}

		confirm(
			app,
			`Cancel subtask ${subtask}?`,
			'Its dependents will be skipped. R retries it.',
			() => {
				void send(app, view, {type: 'cancel', subtask}, `Cancelling ${subtask}.`);
			},
		);
	},
	'cancel-run'(app, view) {
		if (!hasEnded(app, view)) {
			confirm(
				app,
				'Cancel the whole run?',
				'It ends for good and nothing is delivered. q only stops it.',
				() => {
					void send(app, view, {type: 'cancel'}, 'Cancelling the run.');
				},
			);
		}
	},
	retry(app, view) {
		const {report} = view.session.state();
		if ((report || view.abandoned) && view.session.source.kind !== 'replay') {
			resumeInPlace(app, view);
			return;
		}

		const subtask = selectedSubtask(view);
		if (subtask !== undefined && !hasEnded(app, view)) {
			void send(app, view, {type: 'retry', subtask}, `Queued ${subtask} for retry.`);
		}
	},
	budget(app, view) {
		if (isResumable(view)) {
			resumeWithOtherLimits(app, view);
		} else if (!hasEnded(app, view)) {
			askForLimits(app, view);
		}
	},
	panes(app, view) {
		app
			.services()
			.then(async ({terminal}) => terminal.togglePanes(view.session.run))
			.then(
				text => {
					notify(app, text, 'good');
				},
				(error: unknown) => {
					reportError(app, error);
				},
			);
	},
	undo(app, view) {
		const state = view.session.state();
		const delivery = undoableDelivery(state);
		if (view.session.source.kind === 'replay' && hasEnded(app, view)) {
			return;
		}

		if (!state.report || !delivery) {
			notify(app, 'There is no delivered change to undo.', 'quiet');
			return;
		}

		confirm(
			app,
			`Undo changes to ${counted(delivery.files.length, 'file')}?`,
			'Files changed since are kept.',
			() => {
				app
					.services()
					.then(async ({actions}) => actions.undoRun(view.session.run.id))
					.then(async text => {
						notify(app, text, 'good');
						await view.session.catchUp();
					})
					.catch((error: unknown) => {
						reportError(app, error);
					});
			},
		);
	},
	leave(app) {
		app.leave();
	},
};

/** The agent of the focused log, of the selected subtask or of the request; otherwise the lead. */
function recipient(view: RunView): string | undefined {
	const {team, agents} = view.session.state();
	const log = agentOf(view);
	if (log !== undefined) {
		return log;
	}

	switch (view.focus.pane) {
		case 'plan': {
			const subtask = selectedSubtask(view);
			const worker = [...agents.values()].find(agent => agent.subtask === subtask);
			return (subtask === undefined ? undefined : worker?.name) ?? team?.lead.name;
		}

		case 'approval': {
			const subject = shownRequest(view)?.subject;
			return subject?.kind === 'tool' ? subject.agent : team?.lead.name;
		}

		case 'team':
		case 'log':
			return selectedAgent(view)?.name;
	}
}

function hasEnded(app: App, {session}: RunView): boolean {
	const {report} = session.state();
	if (session.source.kind === 'replay') {
		notify(app, 'Replay: commands are disabled.', 'quiet');
		return true;
	}

	if (report) {
		const {status} = session.state();
		const isOver = status === 'completed' || status === 'rejected' || status === 'cancelled';
		notify(app, `The run is ${status}${isOver ? '.' : ': R resumes it.'}`, 'quiet');
		return true;
	}

	return false;
}
