import type {SessionKey} from './attempt/session-event.ts';

/** A turn that the person can interrupt. */
export type OpenTurn = {
	readonly session: SessionKey;
	readonly turn: number;
	/** Tells the session; to be called after the interruption is in the log. */
	interrupt(): void;
};

/** The turn that each agent is in, as its session reports it. */
export type OpenTurns = {
	of(agent: string): OpenTurn | undefined;
	open(
		agent: string,
		options: {
			readonly session: SessionKey;
			/** An earlier process logged turns of it: they are given again and cannot be interrupted. */
			readonly isReplaying: boolean;
			readonly signal: AbortSignal;
		},
	): TurnTracker;
};

/** What a session reports of its turns. */
export type TurnTracker = {
	begin(turn: number): void;
	/** Something new is done: from here on nothing is given again. */
	markLive(): void;
	onInterrupt(listener: (turn: number) => void): void;
	/** The last turn is over. */
	close(): void;
};

export function createOpenTurns(): OpenTurns {
	const current = new Map<string, () => OpenTurn | undefined>();

	return {
		of: agent => current.get(agent)?.(),
		open(agent, {session, isReplaying: replays, signal}) {
			const listeners: ((turn: number) => void)[] = [];
			let live = !replays;
			let turn = 0;
			let interruptedTurn = 0;

			const find = (): OpenTurn | undefined =>
				turn === 0 || turn === interruptedTurn || !live || signal.aborted
					? undefined
					: {
							session,
							turn,
							interrupt() {
								interruptedTurn = turn;
								for (const listener of listeners) {
									listener(turn);
								}
							},
						};
			current.set(agent, find);

			return {
				begin(next) {
					turn = next;
				},
				markLive() {
					live ||= turn > 0;
				},
				onInterrupt(listener) {
					listeners.push(listener);
				},
				close() {
					if (current.get(agent) === find) {
						current.delete(agent);
					}
				},
			};
		},
	};
}
