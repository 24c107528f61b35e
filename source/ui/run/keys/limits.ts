import type {RunCommand} from '../../../core/command.ts';
import {money, spending, tokens} from '../../../present/words.ts';
import {notify, type App} from '../../app-store.ts';
import type {RunView} from '../run-view.ts';
import {askText} from './ask-text.ts';
import {send} from './send.ts';

type Limits = Omit<Extract<RunCommand, {type: 'set-budget'}>, 'type'>;

/** Asks for the tokens or the money that the run may use from now on. */
export function askForLimits(app: App, view: RunView): void {
	const {usage, settings} = view.session.state();
	const {maxTokens = null, maxUsd = null} = settings ?? {};
	const limits = [
		...(maxTokens === null ? [] : [`${tokens(maxTokens)} tokens`]),
		...(maxUsd === null ? [] : [money(maxUsd)]),
	];
	const {total} = usage;
	askText(app, view, {
		box: 'budget',
		title: `Limit: ${limits.join(', ') || 'none'}; used ${tokens(total.total)} tokens, ${spending(total)}`,
		placeholder: 'tokens as 500000 or 500k, money as $5, or none',
		submit(text) {
			const limit = parseLimit(text);
			if (limit === undefined) {
				notify(app, `“${text}” is no limit: write 500000, 500k, 2M, $5 or none.`, 'bad');
				return;
			}

			void send(app, view, {type: 'set-budget', ...limit}, wordsFor(limit));
		},
	});
}

/** `500000`, `500k`, `2M` tokens; `$5` of money; `none` of either; `undefined` for what is no limit. */
export function parseLimit(text: string): Limits | undefined {
	const wanted = text.trim();
	if (/^(?:none|no|-)$/i.test(wanted)) {
		return {maxTokens: null, maxUsd: null};
	}

	const [, amount] = /^\$\s*(\d+(?:\.\d+)?|\.\d+)$/.exec(wanted) ?? [];
	if (amount !== undefined) {
		return Number(amount) > 0 ? {maxUsd: Number(amount)} : undefined;
	}

	const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([km]?)$/i.exec(wanted) ?? [];
	const factor = {'': 1, k: 1_000, m: 1_000_000}[unit.toLowerCase()] ?? 1;
	const limit = Math.round(Number(number) * factor);
	const isLimit = number !== '' && Number.isSafeInteger(limit) && limit >= 1;
	return isLimit ? {maxTokens: limit} : undefined;
}

function wordsFor({maxTokens, maxUsd}: Limits): string {
	if (maxTokens === null && maxUsd === null) {
		return 'There is no limit now.';
	}

	const limit = maxUsd === undefined || maxUsd === null ? tokens(maxTokens ?? 0) : money(maxUsd);
	return `The limit is ${limit} now.`;
}
