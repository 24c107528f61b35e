import type {LimitChange} from '../../../core/actions.ts';
import type {SteeringCommand} from '../../../core/steering-command.ts';
import {duration, money, spending, tokens} from '../../../present/words.ts';
import {notify, type App} from '../../app-store.ts';
import type {RunView} from '../run-view.ts';
import {askText} from './ask-text.ts';
import {parseLimit, parseTime, type Limits} from './parse-limit.ts';
import {send} from './send.ts';

/** Asks for a new token or cost limit. */
export function askForLimits(app: App, view: RunView): void {
	askText(app, view, {
		box: 'budget',
		title: titleOf(view),
		placeholder: 'tokens like 500000 or 500k, dollars like $5, or none',
		submit(text) {
			const limit = parseLimit(text);
			if (limit === undefined) {
				notify(app, `“${text}” is not a limit: enter 500000, 500k, 2M, $5 or none.`, 'bad');
				return;
			}

			const command: SteeringCommand = {type: 'set-budget', ...limit};
			void send(app, view, command, `${limitText(limit)} now.`);
		},
	});
}

/** Asks for new limits, including time, to resume a stopped run with. */
export function askForNewLimits(
	app: App,
	view: RunView,
	resume: (change: LimitChange) => void,
): void {
	askText(app, view, {
		box: 'budget',
		title: `Resume with another limit? ${titleOf(view)}`,
		placeholder: 'tokens like 500000 or 500k, dollars like $5, time like 90s or 10min, or none',
		submit(text) {
			const timeoutMs = parseTime(text);
			const limit = timeoutMs === undefined ? parseNewLimit(text) : {timeoutMs};
			if (limit === undefined) {
				notify(
					app,
					`“${text}” is not a limit: enter 500000, 500k, 2M, $5, 90s, 10min or none.`,
					'bad',
				);
				return;
			}

			resume(limit);
		},
	});
}

/** Here `none` also removes the time limit. */
function parseNewLimit(text: string): LimitChange | undefined {
	const {maxTokens, maxUsd} = parseLimit(text) ?? {};
	if (maxTokens === null) {
		return {maxTokens, maxUsd: null, timeoutMs: null};
	}

	if (maxTokens !== undefined) {
		return {maxTokens};
	}

	return maxUsd === undefined ? undefined : {maxUsd};
}

function titleOf(view: RunView): string {
	const {usage, settings} = view.session.state();
	const {maxTokens = null, maxUsd = null, timeoutMs = null} = settings ?? {};
	const limits = [
		...(maxTokens === null ? [] : [`${tokens(maxTokens)} tokens`]),
		...(maxUsd === null ? [] : [money(maxUsd)]),
		...(timeoutMs === null ? [] : [duration(timeoutMs)]),
	];
	const {total} = usage;
	return `Limit: ${limits.join(', ') || 'none'}; used ${tokens(total.total)} tokens, ${spending(total)}`;
}

function limitText({maxTokens, maxUsd}: Limits): string {
	if (maxTokens === null && maxUsd === null) {
		return 'There is no limit';
	}

	const limit = maxUsd === undefined || maxUsd === null ? tokens(maxTokens ?? 0) : money(maxUsd);
	return `The limit is ${limit}`;
}
