import {counted} from '../core/text.ts';
import type {RunReport, TokenCount} from '../core/run-report.ts';
import type {RunState} from '../core/run-state.ts';
import type {ModelSwitch} from '../core/run-state-entries.ts';
import {atLeast, duration, money, tokens} from './words.ts';

/** Time, calls, tokens and cost of a run. */
export function usageText(report: RunReport): string {
	const {usage, activeMs} = report;
	return `${duration(activeMs)}, ${counted(usage.total.calls, 'model call')}, ${tokens(usage.total.total)} tokens, ${costText(report)}`;
}

/** Usage per agent or model, largest first; `undefined` when there is only one. */
export function usageSharesText(shares: RunReport['usage']['agents']): string | undefined {
	const used = Object.entries(shares).filter(([, {total}]) => total > 0);
	return used.length < 2
		? undefined
		: used
				.toSorted(([, a], [, b]) => b.total - a.total)
				.map(([name, count]) => `${name} ${tokens(count.total)}${shareCost(count)}`)
				.join(' · ');
}

/** Which agents switched models, and why; `undefined` when none did. */
export function modelSwitchesText({switches}: RunState): string | undefined {
	const texts = [...switches.values()].map(switchText);
	return texts.length === 0 ? undefined : texts.join(' · ');
}

/** Adds the addresses when both models have the same name. */
function switchText({agent, from, to, kind, times}: ModelSwitch): string {
	const isSame = from.provider === to.provider && from.model === to.model;
	const name = ({provider, model, baseUrl}: typeof from) =>
		[provider, model, isSame && baseUrl !== undefined ? `at ${baseUrl}` : '']
			.filter(Boolean)
			.join(' ');
	const often = times > 1 ? `, ${times} times` : '';
	return `${agent} switched from ${name(from)} to ${name(to)} (${kind}${often})`;
}

function costText({cost, usage}: RunReport): string {
	if (usage.total.calls === 0) {
		return 'no cost';
	}

	if (Object.keys(usage.models).every(model => model === 'scripted')) {
		return 'no cost (scripted model)';
	}

	if (cost.usd === null) {
		return 'cost unpriced';
	}

	return cost.unpricedCalls === 0
		? money(cost.usd)
		: `at least ${money(cost.usd)} (${counted(cost.unpricedCalls, 'call')} unpriced)`;
}

function shareCost(count: TokenCount): string {
	return count.usd === 0 ? '' : ` ${atLeast(count)}`;
}
