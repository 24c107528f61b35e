import {FailureError} from '../../core/failure.ts';
import type {Reserved} from '../../core/run-state.ts';
import type {RunSettings} from '../../core/settings.ts';
import {waitForNotify} from '../wait-for-notify.ts';

/** A part of the budget that is held back for one call. */
export type Reservation = {
	/** What the call may generate, in tokens: shrunk where the budget is nearly spent. */
	readonly maxOutputTokens: number;
	/** What is held back; `usd` is 0 where no price is known. */
	readonly held: Reserved;
	/** Gives the reservation back; what was really spent is in the log by then. */
	settle(): void;
};

/** What a call may take, as plain data. */
export type ReservationRequest = {
	/** Tokens. */
	readonly input: number;
	readonly maxOutput: number;
	/** The highest cost without any output and with all of it; `null`: no price is known. */
	readonly usd: {readonly least: number; readonly most: number} | null;
	/** What the model is called, for people. */
	readonly model: string;
};

/** What a whole run may spend, shared by all of its agents. */
export type Budget = {
	/**
	 * Holds back what a call may take at most. What does not fit waits while other calls are in flight,
	 * then the output shrinks to what is left. Throws `limit-reached` when not even `smallestOutput`
	 * tokens are left, or when the price is unknown and has to be known. `onWait` is told before it waits.
	 */
	reserve(
		request: ReservationRequest,
		signal: AbortSignal,
		onWait?: () => void,
	): Promise<Reservation>;
	/** The limit has changed: reservations that wait look again. */
	changed(): void;
};

export type Limits = Pick<RunSettings, 'maxTokens' | 'maxUsd' | 'unpriced'>;

/** An answer of fewer tokens is not worth asking for. */
export const smallestOutput = 256;

/** The share of a limit at which a person is warned. */
const warningShare = 0.8;

/**
 * @param limitsNow of the run, as they are now; `null` for no limit
 * @param spent by all calls that have ended, read from the state of the run
 * @param warn called once for each limit, when most of it is spent
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

/** Tokens that the answer may have at most, so that the call fits into what is left. */
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

/** US dollars of a call with so much output; 0 where no price is known. Output costs per token. */
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
			`no price is known for ${model}, and calls without a price are blocked`,
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
		`the run has spent ${dollars(spent.usd)} of its ${dollars(limit)}; the next call of ${model} would take more than is left`,
		{hint: `--budget ${Math.max(0.01, 2 * Math.max(limit, spent.usd + next)).toFixed(2)}`},
	);
}

function dollars(usd: number): string {
	return `$${usd.toFixed(usd < 1 ? 4 : 2)}`;
}
