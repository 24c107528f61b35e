import type {SessionKey} from './attempt/session-event.ts';

/** An agent's current turn, which the person can interrupt. */
export type OpenTurn = {
	readonly session: SessionKey;
	readonly turn: number;
	/** Interrupts the session; call it after the interruption is logged. */
	interrupt(): void;
};

/** The current turn of each agent. */
export type OpenTurns = {
	of(agent: string): OpenTurn | undefined;
	open(
		agent: string,
		options: {
			readonly session: SessionKey;
			/** The session first replays turns of an earlier process, which cannot be interrupted. */
			readonly isReplaying: boolean;
			readonly signal: AbortSignal;
		},
	): TurnTracker;
};

/** Receives the progress of a session. */
export type TurnTracker = {
	begin(turn: number): void;
	/** The replay has ended. */
	markLive(): void;
	onInterrupt(listener: (turn: number) => void): void;
	/** The session has ended. */
	close(): void;
};

export function createOpenTurns(): OpenTurns {
	const current = new Map<string, () => OpenTurn | undefined>();

	return {
		of: agent => current.get(agent)?.(),
		open(agent, {session, isReplaying, signal}) {
			const listeners: ((turn: number) => void)[] = [];
			let live = !isReplaying;
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
