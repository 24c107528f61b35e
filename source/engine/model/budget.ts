import {FailureError} from '../../core/failure.ts';
import type {Reserved} from '../../core/run-state-entries.ts';
import type {RunSettings} from '../../core/settings.ts';
import {waitForNotify} from '../wait-for-notify.ts';

/** Budget reserved for one call. */
export type Reservation = {
	/** Reduced when the budget is nearly spent. */
	readonly maxOutputTokens: number;
	/** `usd` is 0 if the price is unknown. */
	readonly held: Reserved;
	/** Releases the reservation, after the actual usage is logged. */
	settle(): void;
};

/** What a call may use; plain data. */
export type ReservationRequest = {
	/** Tokens. */
	readonly input: number;
	readonly maxOutput: number;
	/** Maximum cost in USD without output and with all of it; `null` if the price is unknown. */
	readonly usd: {readonly least: number; readonly most: number} | null;
	/** Model name, for messages. */
	readonly model: string;
};

/** Limits what a run may spend, shared by its agents. */
export type Budget = {
	/**
	 * Reserves the maximum that a call may use. If it does not fit, waits while other calls are in flight,
	 * then reduces the output to what is left. Throws `limit-reached` if fewer than `smallestOutput` tokens
	 * are left, or if the price is unknown and unpriced calls are blocked. Calls `onWait` before waiting.
	 */
	reserve(
		request: ReservationRequest,
		signal: AbortSignal,
		onWait?: () => void,
	): Promise<Reservation>;
	/** Rechecks waiting reservations after the limits changed. */
	changed(): void;
};

export type Limits = Pick<RunSettings, 'maxTokens' | 'maxUsd' | 'unpriced'>;

/** Calls are not made with less output than this, in tokens. */
export const smallestOutput = 256;

/** Share of a limit at which a warning is logged. */
const warningShare = 0.8;

/**
 * @param limitsNow the current limits; `null` for no limit
 * @param spent by all calls that have ended
 * @param warn called once per limit, when 80 % of it is spent
 */
export function createBudget(
	limitsNow: () => Limits,
	spent: () => Reserved,
	warn: (spent: Reserved, limits: Limits) => void = () => undefined,
): Budget {
	const reserved = {tokens: 0, usd: 0};
	let open = 0;
	const warned = new Set<string>();
	const waiters = new Set<() => void>();

	const wakeAll = () => {
		for (const wake of waiters) {
			wake();
		}
	};

	const warnIfNear = () => {
		const limits = limitsNow();
		const {tokens, usd} = spent();
		const near = [
			...(isNear(tokens, limits.maxTokens) ? [`${limits.maxTokens} tokens`] : []),
			...(isNear(usd, limits.maxUsd) ? [`${limits.maxUsd} usd`] : []),
		].filter(limit => !warned.has(limit));
		if (near.length > 0) {
			for (const limit of near) {
				warned.add(limit);
			}

			warn({tokens, usd}, limits);
		}
	};

	const hold = (request: ReservationRequest, maxOutputTokens: number): Reservation => {
		const held = {
			tokens: request.input + maxOutputTokens,
			usd: costOf(request, maxOutputTokens),
		};
		reserved.tokens += held.tokens;
		reserved.usd += held.usd;
		open += 1;
		let isOpen = true;
		return {
			maxOutputTokens,
			held,
			settle() {
				if (isOpen) {
					isOpen = false;
					open -= 1;
					reserved.tokens -= held.tokens;
					reserved.usd -= held.usd;
					warnIfNear();
					wakeAll();
				}
			},
		};
	};

	return {
		changed: wakeAll,
		async reserve(request, signal, onWait = () => undefined) {
			let hasNotified = false;
			for (;;) {
				signal.throwIfAborted();
				const limits = limitsNow();
				refuseUnpriced(request, limits);
				const {tokens, usd} = spent();
				const used = {tokens: tokens + reserved.tokens, usd: usd + reserved.usd};
				const output = roomFor(request, used, limits);
				if (output >= request.maxOutput) {
					return hold(request, request.maxOutput);
				}

				if (open === 0) {
					if (output < smallestOutput) {
						throw budgetExhausted(request, {tokens, usd}, limits);
					}

					return hold(request, output);
				}

				if (!hasNotified) {
					hasNotified = true;
					onWait();
				}

				await waitForNotify(waiters, signal);
			}
		},
	};
}

function isNear(spent: number, limit: number | null): boolean {
	return limit !== null && spent >= limit * warningShare;
}

/** Output tokens that fit into what is left. */
function roomFor(request: ReservationRequest, used: Reserved, limits: Limits): number {
	const {input, maxOutput, usd} = request;
	const byTokens = limits.maxTokens === null ? Infinity : limits.maxTokens - used.tokens - input;
	if (limits.maxUsd === null || usd === null) {
		return Math.floor(Math.min(maxOutput, byTokens));
	}

	const left = limits.maxUsd - used.usd;
	const {least, most} = usd;
	const byUsd =
		most <= left || most === 0 ? maxOutput : ((left - least) / (most - least)) * maxOutput;
	return Math.floor(Math.min(maxOutput, byTokens, byUsd));
}

/** USD of a call with that many output tokens, interpolated; 0 if the price is unknown. */
function costOf({maxOutput, usd}: ReservationRequest, output: number): number {
	if (usd === null) {
		return 0;
	}

	return output === maxOutput
		? usd.most
		: usd.least + ((usd.most - usd.least) / maxOutput) * output;
}

function refuseUnpriced({usd, model}: ReservationRequest, {maxUsd, unpriced}: Limits): void {
	if (maxUsd !== null && unpriced === 'block' && usd === null) {
		throw new FailureError(
			'limit-reached',
			`${model} has no known price, and unpriced calls are blocked`,
			{hint: '--unpriced allow'},
		);
	}
}

function budgetExhausted(
	request: ReservationRequest,
	spent: Reserved,
	limits: Limits,
): FailureError {
	const {input, model} = request;
	const {maxTokens, maxUsd} = limits;
	if (maxTokens !== null && maxTokens - spent.tokens - input < smallestOutput) {
		return new FailureError(
			'limit-reached',
			`the run has spent ${spent.tokens} of its ${maxTokens} tokens; the next call needs about ${input + smallestOutput}`,
			{hint: `--max-tokens ${2 * Math.max(maxTokens, spent.tokens + input)}`},
		);
	}

	const limit = maxUsd ?? 0;
	const next = costOf(request, smallestOutput);
	return new FailureError(
		'limit-reached',
		`the run has spent ${dollars(spent.usd)} of its ${dollars(limit)}; the next call to ${model} would exceed it`,
		{hint: `--budget ${Math.max(0.01, 2 * Math.max(limit, spent.usd + next)).toFixed(2)}`},
	);
}

function dollars(usd: number): string {
	return `$${usd.toFixed(usd < 1 ? 4 : 2)}`;
}
