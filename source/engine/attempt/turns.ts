import {FailureError} from '../../core/failure.ts';
import type {Journal, SessionKey} from './journal.ts';

/** Why a turn ended, in the words of the log. */
export const turnInterrupted = 'the person interrupted this turn';

/** The turns of one agent in one session, one after the other. */
export type SessionTurns = {
	/** The next turn begins. */
	begin(turn: number): void;
	/** What is done in the turn under way ends with this, and so it does with the session. */
	signal(): AbortSignal;
	/** Whether the person ended that turn, in this process or in an earlier one. */
	interrupted(turn: number): boolean;
	/** Whether a call of that turn must not be made, because the turn was ended before. */
	forbids(turn: number, call: string): boolean;
	/** Something is done that no earlier process did: from here on the turn can be interrupted. */
	act(): void;
	/** The last turn is over. */
	close(): void;
};

/** A turn that the person can end. */
export type TurnUnderWay = {
	readonly session: SessionKey;
	readonly turn: number;
	/** To be called after the interruption is in the log. */
	end(): void;
};

/** The turns of all agents of a run: what the person can interrupt. */
export type Turns = {
	open(agent: string, session: SessionKey, signal: AbortSignal): SessionTurns;
	underWay(agent: string): TurnUnderWay | undefined;
};

export function createTurns(journal: Journal): Turns {
	const current = new Map<string, () => TurnUnderWay | undefined>();

	return {
		underWay: agent => current.get(agent)?.(),
		open(agent, session, signal) {
			const ended = new Set<number>();
			// Turns that are only given again out of the journal are long over.
			let live = !journal.knows(session);
			let number = 0;
			let stop = new AbortController();
			let both = signal;

			const underWay = (): TurnUnderWay | undefined =>
				number === 0 || !live || both.aborted
					? undefined
					: {
							session,
							turn: number,
							end() {
								ended.add(number);
								stop.abort(new FailureError('cancelled', turnInterrupted));
							},
						};
			current.set(agent, underWay);

			return {
				begin(turn) {
					number = turn;
					stop = new AbortController();
					both = AbortSignal.any([signal, stop.signal]);
				},
				signal: () => both,
				interrupted: turn => ended.has(turn) || journal.interruption(session, turn) !== undefined,
				forbids: (turn, call) =>
					ended.has(turn) || journal.interruption(session, turn)?.allows(call) === false,
				act() {
					live ||= number > 0;
				},
				close() {
					if (current.get(agent) === underWay) {
						current.delete(agent);
					}
				},
			};
		},
	};
}
