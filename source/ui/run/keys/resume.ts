import type {LimitChange} from '../../../core/actions.ts';
import {span} from '../../../present/text/row.ts';
import {duration, money, tokens} from '../../../present/words.ts';
import {notify, reportError, type App} from '../../app-store.ts';
import type {RunView} from '../run-view.ts';
import {askForNewLimits} from './limits.ts';
import {limitsIn} from './parse-limit.ts';

const finalStatuses = new Set(['completed', 'rejected', 'cancelled']);

/** Whether the run has stopped and can be resumed. */
export function isResumable({session, abandoned}: RunView): boolean {
	const {status, report} = session.state();
	const hasStopped = report !== undefined || abandoned;
	return hasStopped && session.source.kind !== 'replay' && !finalStatuses.has(status);
}

/**
 * Resumes a stopped or failed run in its view. A run that reached a limit would stop again
 * immediately, so a higher limit is offered first.
 */
export function resumeInPlace(app: App, view: RunView): void {
	const {session} = view;
	const {status, report} = session.state();
	if (!isResumable(view)) {
		notify(app, `The run is ${status}: there is nothing to resume.`, 'quiet');
		return;
	}

	const change = report?.outcome === 'limit-reached' ? limitsIn(report.next) : undefined;
	if (change === undefined) {
		resume(app, view);
	} else {
		askForHigherLimits(app, view, change);
	}
}

/** Asks for other limits and resumes with them. */
export function resumeWithOtherLimits(app: App, view: RunView): void {
	askForNewLimits(app, view, change => {
		resume(app, view, change);
	});
}

function askForHigherLimits(app: App, view: RunView, change: LimitChange): void {
	app.store.setState({
		dialog: {
			kind: 'confirm',
			...questionFor(change),
			choices: [
				{
					key: 'y',
					label: 'yes',
					act() {
						resume(app, view, change);
					},
				},
				{
					key: 'b',
					label: 'another limit',
					act() {
						resumeWithOtherLimits(app, view);
					},
				},
				{key: 'Esc', label: 'no', act: () => undefined},
			],
		},
	});
}

function questionFor({maxTokens, maxUsd, timeoutMs}: LimitChange) {
	const limits = [
		...(typeof maxTokens === 'number' ? [`${tokens(maxTokens)} tokens`] : []),
		...(typeof maxUsd === 'number' ? [money(maxUsd)] : []),
		...(typeof timeoutMs === 'number' ? [`${duration(timeoutMs)} of work`] : []),
	];
	return limits.length === 0
		? {
				title: 'Resume, allowing calls without a known price?',
				rows: [[span('  They do not count against the cost limit.')]],
			}
		: {
				title: `Resume with a limit of ${limits.join(', ')}?`,
				rows: [[span('  With its current limit it would stop again immediately.')]],
			};
}

function resume(app: App, {session}: RunView, change?: LimitChange): void {
	const {id} = session.run;
	app
		.showRun(async ({actions}) => ({kind: 'own', run: await actions.resumeRun(id, change)}))
		.catch((error: unknown) => {
			reportError(app, error);
		});
}
