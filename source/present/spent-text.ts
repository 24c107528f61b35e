import type {RunReport, TokenCount} from '../core/run-report.ts';
import type {ModelSwitch, RunState} from '../core/run-state.ts';
import {atLeast, counted, duration, money, tokens} from './words.ts';

/** Time, calls, tokens and cost of a whole run. */
export function spentText(report: RunReport): string {
	const {usage, activeMs} = report;
	return `${duration(activeMs)}, ${counted(usage.total.calls, 'model call')}, ${tokens(usage.total.total)} tokens, ${costOf(report)}`;
}

/** Who (or which model) used how much, the most first; `undefined` where there is only one. */
export function sharesText(shares: RunReport['usage']['agents']): string | undefined {
	const used = Object.entries(shares).filter(([, {total}]) => total > 0);
	return used.length < 2
		? undefined
		: used
				.toSorted(([, a], [, b]) => b.total - a.total)
				.map(([name, count]) => `${name} ${tokens(count.total)}${costOfShare(count)}`)
				.join(' · ');
}

/** Which agents went on with another model, and why; `undefined` where none did. */
export function switchesText({switches}: RunState): string | undefined {
	const ways = [...switches.values()].map(wayOf);
	return ways.length === 0 ? undefined : ways.join(' · ');
}

/** Where both have the same name their addresses tell them apart. */
function wayOf({agent, from, to, kind, times}: ModelSwitch): string {
	const isSame = from.provider === to.provider && from.model === to.model;
	const name = ({provider, model, baseUrl}: typeof from) =>
		[provider, model, isSame && baseUrl !== undefined ? `at ${baseUrl}` : '']
			.filter(Boolean)
			.join(' ');
	const often = times > 1 ? `, ${times} times` : '';
	return `${agent} went on with ${name(to)} in place of ${name(from)} (${kind}${often})`;
}

function costOf({cost, usage}: RunReport): string {
	if (usage.total.calls === 0) {
		return 'no cost';
	}

	if (Object.keys(usage.models).every(model => model === 'scripted')) {
		return 'no cost (the model is a script)';
	}

	if (cost.usd === null) {
		return 'cost unpriced';
	}

	return cost.unpricedCalls === 0
		? money(cost.usd)
		: `at least ${money(cost.usd)} (${counted(cost.unpricedCalls, 'call')} unpriced)`;
}

function costOfShare(count: TokenCount): string {
	return count.usd === 0 ? '' : ` ${atLeast(count)}`;
}
