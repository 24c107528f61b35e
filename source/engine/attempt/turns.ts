import {FailureError} from '../../core/failure.ts';
import type {ReceivedMessage} from '../../agents/agent.ts';
import type {AttemptContext} from './attempt-context.ts';
import type {Journal} from './journal.ts';

/** Why a turn ended, in the words of the log. */
export const turnInterrupted = 'the person interrupted this turn';

/** The turns of one session, one after the other. */
export type Turns = {
	/**
	 * Begins the next turn; returns the messages to deliver before it. After an interrupted turn it waits
	 * for a message from the person.
	 */
	begin(turn: number): Promise<readonly ReceivedMessage[]>;
	/** Aborted when the current turn, or the attempt, has to end. */
	signal(): AbortSignal;
	/** Whether the person interrupted that turn, in this process or in an earlier one. */
	interrupted(turn: number): boolean;
	/** Whether a call of that turn must not be made, because the turn was interrupted before it. */
	forbids(turn: number, call: string): boolean;
};

export function createTurns(
	journal: Journal,
	context: Pick<AttemptContext, 'beginTurn' | 'onInterrupt' | 'signal'>,
): Turns {
	const ended = new Set<number>();
	let stop = new AbortController();
	let current = context.signal;

	context.onInterrupt(turn => {
		ended.add(turn);
		stop.abort(new FailureError('cancelled', turnInterrupted));
	});

	const interrupted = (turn: number) => ended.has(turn) || journal.interruption(turn) !== undefined;

	return {
		async begin(turn) {
			const delivered = journal.messagesAt(turn);
			const afterInterruption = delivered === undefined && interrupted(turn - 1);
			stop = new AbortController();
			current = AbortSignal.any([context.signal, stop.signal]);
			return context.beginTurn({turn, delivered, afterInterruption}, context.signal);
		},
		signal: () => current,
		interrupted,
		forbids: (turn, call) => ended.has(turn) || journal.interruption(turn)?.allows(call) === false,
	};
}
