import type {LimitChange} from '../../../core/actions.ts';
import type {SteeringCommand} from '../../../core/steering-command.ts';

/** Limits on tokens and US dollars. */
export type Limits = Omit<Extract<SteeringCommand, {type: 'set-budget'}>, 'type'>;

/**
 * Parses `500000`, `500k`, `2M` tokens, `$5`, or `none` for neither; `undefined` when it is not a
 * limit.
 */
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

/**
 * Parses `90s`, `10min`, `2h` to ms; `undefined` when it is not a time. `10m` is not one: `m` means
 * millions of tokens.
 */
export function parseTime(text: string): number | undefined {
	const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*(s|sec|min|h)$/i.exec(text.trim()) ?? [];
	const factor = {s: 1_000, sec: 1_000, min: 60_000, h: 3_600_000}[unit.toLowerCase()];
	const ms = factor === undefined ? 0 : Math.round(Number(number) * factor);
	return Number.isSafeInteger(ms) && ms >= 1 ? ms : undefined;
}

/**
 * The larger limits suggested in the last line of a run, from the flags of its next command;
 * `undefined` when there are none.
 */
export function limitsIn(next: string | undefined): LimitChange | undefined {
	const after = (flag: string) =>
		new RegExp(String.raw`(?:^|\s)--${flag} (\S+)`).exec(next ?? '')?.[1];
	const [maxTokens, budget, timeoutMs] = [
		parseLimit(after('max-tokens') ?? '')?.maxTokens,
		parseLimit(`$${after('budget') ?? ''}`)?.maxUsd,
		parseTime(after('timeout') ?? ''),
	];
	const change: LimitChange = {
		...(maxTokens === undefined ? {} : {maxTokens}),
		...(budget === undefined ? {} : {maxUsd: budget}),
		...(timeoutMs === undefined ? {} : {timeoutMs}),
		...(after('unpriced') === 'allow' ? {unpriced: 'allow'} : {}),
	};
	return Object.keys(change).length === 0 ? undefined : change;
}
