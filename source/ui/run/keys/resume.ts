import type {LimitChange} from '../../../core/actions.ts';
import {span} from '../../../present/text/row.ts';
import {duration, money, tokens} from '../../../present/words.ts';
import {notify, tellError, type App} from '../../app-store.ts';
import type {RunView} from '../run-view.ts';
import {askForNewLimits} from './limits.ts';
import {limitsIn} from './parse-limit.ts';

const over = new Set(['completed', 'rejected', 'cancelled']);

/** Whether a run of this view works no more, and could go on. */
export function isResumable({session, abandoned}: RunView): boolean {
	const {status, report} = session.state();
	const hasStopped = report !== undefined || abandoned;
	return hasStopped && session.source.kind !== 'replay' && !over.has(status);
}

/**
 * Goes on with a run that has stopped or failed, in the place of its view. With the same limit a run
 * that has reached it would stop again at once: whether it may have more is asked first.
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
		askForMore(app, view, change);
	}
}

/** Asks for other limits, and goes on with them. */
export function resumeWithOtherLimits(app: App, view: RunView): void {
	askForNewLimits(app, view, change => {
		resume(app, view, change);
	});
}

function askForMore(app: App, view: RunView, change: LimitChange): void {
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
				title: 'Go on, and allow calls of which no price is known?',
				rows: [[span('  They do not count against the limit on money.')]],
			}
		: {
				title: `Go on with a limit of ${limits.join(', ')}?`,
				rows: [[span('  With the limit that it has it would stop again at once.')]],
			};
}

function resume(app: App, {session}: RunView, change?: LimitChange): void {
	const {id} = session.run;
	app
		.showRun(async ({actions}) => ({kind: 'own', run: await actions.resumeRun(id, change)}))
		.catch((error: unknown) => {
			tellError(app, error);
		});
}
