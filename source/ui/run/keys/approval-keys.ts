import type {ApprovalState} from '../../../core/run-state.ts';
import {parsePlan, formatProblems} from '../../../core/plan-problems.ts';
import {sanitizeText} from '../../../core/text.ts';
import {span} from '../../../present/text/row.ts';
import {approvalName} from '../../../present/approval-rows.ts';
import {wrapText} from '../../../present/text/wrap.ts';
import {notify, tellError, type App} from '../../app-store.ts';
import type {KeyPress} from '../../keys/key-press.ts';
import {queueOf, shownRequest, type RunView} from '../run-view.ts';
import {changeView} from '../change-view.ts';
import type {RunCommands} from './run-commands.ts';
import {send} from './send.ts';
import {askText} from './ask-text.ts';

/** How long the keys that decide are dead after a request has appeared, ms: what was typed before is no answer. */
export const deadMs = 400;

export const approvalCommands: RunCommands = {
	approve: deciding((app, view, request) => {
		void send(
			app,
			view,
			{type: 'decide', approval: request.id, decision: 'approve', scope: 'once'},
			`Approved: ${approvalName(request)}.`,
		);
	}),
	always: deciding((app, view, request) => {
		if (request.subject.kind !== 'tool') {
			notify(app, 'A plan is approved once: a.', 'quiet');
			return;
		}

		void send(
			app,
			view,
			{type: 'decide', approval: request.id, decision: 'approve', scope: 'always'},
			'Approved, and the same command from now on in this run.',
		);
	}),
	reject: deciding((app, view, request) => {
		const isPlan = request.subject.kind === 'plan';
		askText(app, view, {
			box: `reject ${request.id}`,
			title: `Reject ${approvalName(request)}: what should be different?`,
			placeholder: isPlan
				? 'The lead makes a new plan of what you write here.'
				: 'The agent is told this and does it in another way. Nothing: just no.',
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
					feedback === '' ? 'Rejected.' : 'Rejected with your words.',
				);
			},
		});
	}),
	edit(app, view) {
		const {plan} = view.session.state();
		if (shownRequest(view)?.subject.kind !== 'plan' || !plan) {
			notify(app, 'Only a plan can be edited. r rejects with your words.', 'quiet');
			return;
		}

		void editPlan(app, view, `${JSON.stringify(plan.plan, undefined, '\t')}\n`);
	},
	view(app) {
		changeView(app, {later: [], zoom: {kind: 'approval', top: 0}});
	},
	'next-request'(app, view) {
		const [first, ...others] = queueOf(view);
		if (first && others.length > 0) {
			const later = view.later.filter(id => id !== first.id);
			const isLast = others.every(({id}) => later.includes(id));
			changeView(app, {later: isLast ? [first.id] : [...later, first.id]});
		}
	},
};

/** A key that decides counts only for a request that was there to be read, and never when pasted. */
function deciding(decide: (app: App, view: RunView, request: ApprovalState) => void) {
	return (app: App, view: RunView, press: KeyPress) => {
		const request = shownRequest(view);
		if (!request) {
			notify(app, 'Nothing was decided: v shows what is asked.', 'quiet');
			return;
		}

		const since = view.request?.id === request.id ? view.request.since : undefined;
		if (!press.burst && since !== undefined && app.now() - since >= deadMs) {
			decide(app, view, request);
		}
	};
}

/** A plan that is rejected without a word ends the run: that is asked once more. */
function confirmEnd(app: App, view: RunView, request: ApprovalState): void {
	app.store.setState({
		dialog: {
			kind: 'confirm',
			title: 'Reject the plan without a word?',
			rows: [[span('  The run ends as rejected. With feedback the lead would make a new plan.')]],
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

/** The plan in the person's editor; what is wrong with it comes back with the text. */
async function editPlan(app: App, view: RunView, text: string): Promise<void> {
	try {
		const {actions} = await app.services();
		const edited = await app.terminal.lend(async () => actions.editText(text, 'json'));
		if (edited === undefined) {
			notify(app, 'The plan was left as it is.', 'quiet');
			return;
		}

		const problem = problemOf(edited);
		if (problem === undefined) {
			await send(
				app,
				view,
				{type: 'revise-plan', plan: JSON.parse(edited)},
				'Your plan is the next revision; it waits for you.',
			);
			return;
		}

		offerToEditAgain(app, view, edited, problem);
	} catch (error) {
		tellError(app, error);
	}
}

function offerToEditAgain(app: App, view: RunView, edited: string, problem: string): void {
	const {columns} = app.store.getState();
	app.store.setState({
		dialog: {
			kind: 'confirm',
			title: 'This is no valid plan',
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
				{key: 'Esc', label: 'leave the plan as it was', act: () => undefined},
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
