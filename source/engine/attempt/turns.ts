import {FailureError} from '../../core/failure.ts';
import type {ReceivedMessage} from '../../agents/agent.ts';
import type {AttemptContext} from './attempt-context.ts';
import type {Journal} from './journal.ts';

/** Part of prompts and logs: never change it. */
export const turnInterrupted = 'the person interrupted this turn';

/** The current turn of one session, and its interruption by the person. */
export type Turns = {
	/**
	 * Starts the next turn and returns the messages to deliver first. After an interrupted turn, waits for
	 * a message from the person.
	 */
	begin(turn: number): Promise<readonly ReceivedMessage[]>;
	/** Aborted when the current turn or the attempt must end. */
	signal(): AbortSignal;
	/** Whether the person interrupted the turn, in this process or an earlier one. */
	interrupted(turn: number): boolean;
	/** Whether a tool call must not run because its turn was interrupted before it. */
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
