import {isFinal, undoableDelivery} from '../../../core/run-state.ts';
import {counted} from '../../../present/words.ts';
import {notify, tellError, type App} from '../../app-store.ts';
import {ask} from '../../confirm.ts';
import {selectedAgent, selectedSubtask, shownRequest, type RunView} from '../run-view.ts';
import {askText} from './ask-text.ts';
import {askForLimits} from './limits.ts';
import {agentOf} from './log-keys.ts';
import type {RunCommands} from './run-commands.ts';
import {isResumable, resumeInPlace, resumeWithOtherLimits} from './resume.ts';
import {send} from './send.ts';

/** What a person asks of a run. No key stops more than it says. */
export const steeringCommands: RunCommands = {
	message(app, view) {
		const to = addressee(view);
		if (to === undefined || hasEnded(app, view)) {
			return;
		}

		const isLead = to === view.session.state().team?.lead.name;
		askText(app, view, {
			box: `message ${to}`,
			title: `Message to ${to}`,
			placeholder: isLead
				? 'The lead makes a new revision of the plan with it.'
				: 'It is told before its next turn.',
			submit(text) {
				void send(app, view, {type: 'message', to, text}, `Sent to ${to}.`);
			},
		});
	},
	interrupt(app, view) {
		const agent = addressee(view);
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
				`${agent} was interrupted and waits for your message: m.`,
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
				isPaused ? 'The run goes on.' : 'Paused: nothing new starts until p.',
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

		ask(
			app,
			`Cancel the subtask ${subtask}?`,
			'What depends on it will be skipped. R takes it up again.',
			() => {
				void send(app, view, {type: 'cancel', subtask}, `${subtask} is being cancelled.`);
			},
		);
	},
	'cancel-run'(app, view) {
		if (!hasEnded(app, view)) {
			ask(
				app,
				'Cancel the whole run?',
				'It ends for good; nothing is delivered. q only stops it.',
				() => {
					void send(app, view, {type: 'cancel'}, 'The run is being cancelled.');
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
			void send(app, view, {type: 'retry', subtask}, `${subtask} is open again.`);
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
			.then(async ({actions}) => actions.togglePanes(view.session.run))
			.then(
				text => {
					notify(app, text, 'good');
				},
				(error: unknown) => {
					tellError(app, error);
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
			notify(app, 'There is no delivered change to take back.', 'quiet');
			return;
		}

		ask(
			app,
			`Take back ${counted(delivery.files.length, 'changed file')}?`,
			'Later edits of the same files are kept.',
			() => {
				app
					.services()
					.then(async ({actions}) => actions.undoRun(view.session.run.id))
					.then(async text => {
						notify(app, text, 'good');
						await view.session.catchUp();
					})
					.catch((error: unknown) => {
						tellError(app, error);
					});
			},
		);
	},
	leave(app) {
		app.leave();
	},
};

/** Whose log is looked at, who works on the selected subtask, who asks, or else the lead. */
function addressee(view: RunView): string | undefined {
	const {team, agents} = view.session.state();
	const log = agentOf(view);
	if (log !== undefined) {
		return log;
	}

	switch (view.focus.pane) {
		case 'plan': {
			const subtask = selectedSubtask(view);
			const atWork = [...agents.values()].find(agent => agent.subtask === subtask);
			return (subtask === undefined ? undefined : atWork?.name) ?? team?.lead.name;
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
		notify(app, 'This is a replay: what happened has happened.', 'quiet');
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
