import type {ApprovalState} from '../../../core/run-state-entries.ts';
import {parsePlan, formatProblems} from '../../../core/plan-problems.ts';
import {sanitizeText} from '../../../core/text.ts';
import {span} from '../../../present/text/row.ts';
import {approvalName} from '../../../present/approval-rows.ts';
import {wrapText} from '../../../present/text/wrap.ts';
import {notify, reportError, type App} from '../../app-store.ts';
import type {KeyPress} from '../../keys/key-press.ts';
import {requestQueue, shownRequest, type RunView} from '../run-view.ts';
import {changeView} from '../change-view.ts';
import type {RunCommands} from './run-commands.ts';
import {send} from './send.ts';
import {askText} from './ask-text.ts';

/**
 * How long decision keys are ignored after a request appears, in ms: keys typed before must not
 * answer it.
 */
const guardMs = 400;

export const approvalCommands: RunCommands = {
	approve: whenReadable((app, view, request) => {
		void send(
			app,
			view,
			{type: 'decide', approval: request.id, decision: 'approve', scope: 'once'},
			`Approved: ${approvalName(request)}.`,
		);
	}),
	always: whenReadable((app, view, request) => {
		if (request.subject.kind !== 'tool') {
			notify(app, '“Always” is for commands; a approves the plan.', 'quiet');
			return;
		}

		void send(
			app,
			view,
			{type: 'decide', approval: request.id, decision: 'approve', scope: 'always'},
			'Approved, now and always in this run.',
		);
	}),
	reject: whenReadable((app, view, request) => {
		const isPlan = request.subject.kind === 'plan';
		askText(app, view, {
			box: `reject ${request.id}`,
			title: `Reject ${approvalName(request)}: what should be different?`,
			placeholder: isPlan
				? 'The lead will revise the plan with your feedback.'
				: 'Feedback for the agent; leave empty to just reject.',
			isEmptyAllowed: true,
			submit(feedback) {
				if (feedback === '' && isPlan) {
					confirmEnd(app, view, request);
					return;
				}

				void send(
					app,
					view,
					{
						type: 'decide',
						approval: request.id,
						decision: 'reject',
						scope: 'once',
						...(feedback === '' ? {} : {feedback}),
					},
					feedback === '' ? 'Rejected.' : 'Rejected with feedback.',
				);
			},
		});
	}),
	edit(app, view) {
		const {plan} = view.session.state();
		if (shownRequest(view)?.subject.kind !== 'plan' || !plan) {
			notify(app, 'Only a plan can be edited. r rejects with feedback.', 'quiet');
			return;
		}

		void editPlan(app, view, `${JSON.stringify(plan.plan, undefined, '\t')}\n`);
	},
	view(app) {
		changeView(app, {later: [], zoom: {kind: 'approval', top: 0}});
	},
	'next-request'(app, view) {
		const [first, ...others] = requestQueue(view);
		if (first && others.length > 0) {
			const later = view.later.filter(id => id !== first.id);
			const isLast = others.every(({id}) => later.includes(id));
			changeView(app, {later: isLast ? [first.id] : [...later, first.id]});
		}
	},
};

/**
 * Accepts a decision key only when the request has been readable long enough, and never from a paste.
 */
function whenReadable(decide: (app: App, view: RunView, request: ApprovalState) => void) {
	return (app: App, view: RunView, press: KeyPress) => {
		const request = shownRequest(view);
		if (!request) {
			notify(app, 'No request is shown: v shows it.', 'quiet');
			return;
		}

		const since = view.request?.id === request.id ? view.request.since : undefined;
		if (!press.burst && since !== undefined && app.now() - since >= guardMs) {
			decide(app, view, request);
		}
	};
}

/** Rejecting a plan without feedback ends the run, so it needs confirmation. */
function confirmEnd(app: App, view: RunView, request: ApprovalState): void {
	app.store.setState({
		dialog: {
			kind: 'confirm',
			title: 'Reject the plan without feedback?',
			rows: [[span('  The run ends as rejected. With feedback, the lead would revise the plan.')]],
			choices: [
				{
					key: 'y',
					label: 'end the run',
					act() {
						void send(
							app,
							view,
							{type: 'decide', approval: request.id, decision: 'reject', scope: 'once'},
							'Rejected.',
						);
					},
				},
				{key: 'Esc', label: 'no', act: () => undefined},
			],
		},
	});
}

/** Opens the plan in the user's editor; problems are shown with an offer to edit again. */
async function editPlan(app: App, view: RunView, text: string): Promise<void> {
	try {
		const {terminal} = await app.services();
		const edited = await app.terminal.runExternal(async () => terminal.editText(text, 'json'));
		if (edited === undefined) {
			notify(app, 'The plan is unchanged.', 'quiet');
			return;
		}

		const problem = problemOf(edited);
		if (problem === undefined) {
			await send(
				app,
				view,
				{type: 'revise-plan', plan: JSON.parse(edited)},
				'Your plan is the next revision; it is waiting for your approval.',
			);
			return;
		}

		offerReEdit(app, view, edited, problem);
	} catch (error) {
		reportError(app, error);
	}
}

function offerReEdit(app: App, view: RunView, edited: string, problem: string): void {
	const {columns} = app.store.getState();
	app.store.setState({
		dialog: {
			kind: 'confirm',
			title: 'This plan is not valid',
			rows: wrapText(problem, columns - 4)
				.slice(0, 8)
				.map(line => [span(`  ${line}`, 'bad')]),
			choices: [
				{
					key: 'e',
					label: 'edit again',
					act() {
						void editPlan(app, view, edited);
					},
				},
				{key: 'Esc', label: 'keep the plan as it was', act: () => undefined},
			],
		},
	});
}

function problemOf(text: string): string | undefined {
	try {
		const parsed = parsePlan(JSON.parse(text));
		return parsed.ok ? undefined : sanitizeText(formatProblems(parsed.problems));
	} catch (error) {
		return sanitizeText(error instanceof Error ? error.message : String(error));
	}
}
