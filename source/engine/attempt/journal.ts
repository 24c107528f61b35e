import {isUnusableAnswer, type Failure} from '../../core/failure.ts';
import type {EventOf, Payload, RunEvent} from '../../core/run-event.ts';

/** Whose past is meant: the lead's (no subtask) or an attempt's. */
export type SessionKey = {
	readonly subtask?: string | undefined;
	readonly attempt?: number | undefined;
};

/**
 * What earlier processes logged of the sessions of a run. An agent's loop is started from its
 * beginning after a crash and is given the logged answers and results instead of asking and acting
 * again; where the journal ends, life goes on.
 *
 * An attempt that was started over inherits the answers of the interrupted one (an equal request is
 * never paid for twice), but no results: its workspace is fresh.
 */
export type Journal = {
	/** The logged answer to a request with this hash. */
	answer(key: SessionKey, request: string): Payload | undefined;
	/** The logged result of a tool call. */
	result(key: SessionKey, call: string): EventOf<'tool-call-finished'> | undefined;
	/** A tool call that was begun and has no result. */
	openCall(key: SessionKey, call: string): EventOf<'tool-call-started'> | undefined;
	openCalls(key: SessionKey): readonly EventOf<'tool-call-started'>[];
	/** The outcome of the n-th run of the checks (from 1). */
	verification(key: SessionKey, round: number): EventOf<'verification-finished'> | undefined;
	/** A check that was begun in a round (or before a merge) that has no outcome. */
	openCheck(key: SessionKey): string | undefined;
	/**
	 * How a conversation was made shorter.
	 *
	 * @param conversation gives its hash, where there is anything to look for
	 */
	compaction(key: SessionKey, conversation: () => string): EventOf<'context-compacted'> | undefined;
	/** What came of a request with this hash in place of an answer, which the model was told. */
	unusable(key: SessionKey, request: string): Failure | undefined;
	/** The target that a session last switched to. */
	lastTarget(key: SessionKey): EventOf<'model-switched'>['to'] | undefined;
	/** Ids of the messages that were told before a turn; `undefined` for turns not reached yet. */
	messagesAt(key: SessionKey, turn: number): readonly string[] | undefined;
	/**
	 * That the person ended a turn, and which of its calls may still be made: in an attempt that starts
	 * over those that had come to their end before.
	 */
	interruption(
		key: SessionKey,
		turn: number,
	): {readonly allows: (call: string) => boolean} | undefined;
	/** Whether anything was logged of this very session. */
	knows(key: SessionKey): boolean;
	/** The last turn of a session whose answer is logged; 0 before the first. */
	answeredTurns(key: SessionKey): number;
	/** Tells that an attempt starts over now: the next one inherits its answers. */
	startOver(subtask: string, attempt: number): void;
	/** Last logged hash of every file that a tool wrote. */
	writtenFiles(key: SessionKey): ReadonlyMap<string, string | null>;
};

type Session = {
	readonly answers: Map<string, Payload>;
	readonly results: Map<string, EventOf<'tool-call-finished'>>;
	readonly calls: Map<string, EventOf<'tool-call-started'>>;
	readonly verifications: Map<number, EventOf<'verification-finished'>>;
	openCheck: string | undefined;
	readonly compactions: Map<string, EventOf<'context-compacted'>>;
	lastTarget: EventOf<'model-switched'>['to'] | undefined;
	readonly unusable: Map<string, Failure>;
	readonly messages: Map<number, string[]>;
	readonly interrupted: Set<number>;
	lastTurn: number;
	answeredTurns: number;
	readonly written: Map<string, string | null>;
	/** The interrupted attempt that this one starts over. */
	inherits: Session | undefined;
};

export function createJournal(events: readonly RunEvent[]): Journal {
	const sessions = new Map<string, Session>();
	for (const event of events) {
		record(sessions, event);
	}

	const find = (key: SessionKey) => sessions.get(nameOf(key));

	return {
		answer: (key, request) =>
			ancestry(find(key))
				.map(session => session.answers.get(request))
				.find(answer => answer !== undefined),
		result: (key, call) => find(key)?.results.get(call),
		openCall(key, call) {
			const session = find(key);
			return session?.results.has(call) === true ? undefined : session?.calls.get(call);
		},
		openCalls(key) {
			const session = find(key);
			return [...(session?.calls.values() ?? [])].filter(({call}) => !session?.results.has(call));
		},
		verification: (key, round) => find(key)?.verifications.get(round),
		openCheck: key => find(key)?.openCheck,
		compaction(key, conversation) {
			const known = ancestry(find(key)).filter(({compactions}) => compactions.size > 0);
			const hash = known.length === 0 ? '' : conversation();
			return known.find(({compactions}) => compactions.has(hash))?.compactions.get(hash);
		},
		unusable: (key, request) =>
			ancestry(find(key))
				.map(session => session.unusable.get(request))
				.find(failure => failure !== undefined),
		lastTarget: key => find(key)?.lastTarget,
		messagesAt(key, turn) {
			const line = ancestry(find(key));
			return line.every(session => session.lastTurn < turn)
				? undefined
				: line.flatMap(session => session.messages.get(turn) ?? []);
		},
		interruption(key, turn) {
			// The lead is asked anew after an interruption; what it is told then is in the state.
			if (key.subtask === undefined) {
				return undefined;
			}

			const [own, ...before] = ancestry(find(key));
			if (own?.interrupted.has(turn) === true) {
				return {allows: () => false};
			}

			return before.some(session => session.interrupted.has(turn))
				? {allows: call => before.some(({results}) => isThrough(results.get(call)))}
				: undefined;
		},
		knows(key) {
			const session = find(key);
			return session !== undefined && (session.lastTurn > 0 || session.calls.size > 0);
		},
		answeredTurns: key => (key.subtask === undefined ? 0 : (find(key)?.answeredTurns ?? 0)),
		startOver(subtask, attempt) {
			inherit(sessions, subtask, attempt);
		},
		writtenFiles: key => find(key)?.written ?? new Map(),
	};
}

function record(sessions: Map<string, Session>, event: RunEvent): void {
	switch (event.type) {
		case 'model-call-started':
			sessionOf(sessions, event).lastTurn = event.turn;
			break;
		case 'model-call-finished': {
			const session = sessionOf(sessions, event);
			session.answers.set(event.request, event.answer);
			session.answeredTurns = session.lastTurn;
			break;
		}

		case 'model-call-failed':
			if (event.request !== undefined && isUnusable(event)) {
				sessionOf(sessions, event).unusable.set(event.request, event.failure);
			}

			break;
		case 'context-compacted':
			sessionOf(sessions, event).compactions.set(event.conversation, event);
			break;
		case 'model-switched':
			sessionOf(sessions, event).lastTarget = event.to;
			break;
		case 'tool-call-started':
			sessionOf(sessions, event).calls.set(event.call, event);
			break;
		case 'tool-call-finished': {
			const session = sessionOf(sessions, event);
			session.results.set(event.call, event);
			for (const {path, hash, written} of event.files ?? []) {
				if (written) {
					session.written.set(path, hash);
				}
			}

			break;
		}

		case 'check-started':
			if (event.place !== 'whole') {
				sessionOf(sessions, event).openCheck = event.command;
			}

			break;
		case 'merge-started':
		case 'merge-refused':
			sessionOf(sessions, event).openCheck = undefined;
			break;
		case 'verification-finished': {
			const session = sessionOf(sessions, event);
			session.openCheck = undefined;
			session.verifications.set(event.round, event);
			break;
		}

		case 'message-delivered': {
			const session = sessionOf(sessions, event);
			const told = session.messages.get(event.turn) ?? [];
			session.messages.set(event.turn, [...told, event.message]);
			session.lastTurn = Math.max(session.lastTurn, event.turn);
			break;
		}

		case 'turn-interrupted': {
			const session = sessionOf(sessions, event);
			session.interrupted.add(event.turn);
			session.lastTurn = Math.max(session.lastTurn, event.turn);
			break;
		}

		case 'attempt-restarted':
			inherit(sessions, event.subtask, event.attempt);
			break;
		default:
	}
}

function isUnusable({retryInMs, failure}: EventOf<'model-call-failed'>): boolean {
	return retryInMs === undefined && isUnusableAnswer(failure.kind);
}

function isThrough(result: EventOf<'tool-call-finished'> | undefined): boolean {
	return result !== undefined && result.interrupted !== true;
}

function inherit(sessions: Map<string, Session>, subtask: string, attempt: number): void {
	sessionOf(sessions, {subtask, attempt: attempt + 1}).inherits = sessionOf(sessions, {
		subtask,
		attempt,
	});
}

function sessionOf(sessions: Map<string, Session>, key: SessionKey): Session {
	const name = nameOf(key);
	const session = sessions.get(name) ?? {
		answers: new Map(),
		results: new Map(),
		calls: new Map(),
		verifications: new Map(),
		compactions: new Map(),
		lastTarget: undefined,
		unusable: new Map(),
		openCheck: undefined,
		messages: new Map(),
		interrupted: new Set(),
		lastTurn: 0,
		answeredTurns: 0,
		written: new Map(),
		inherits: undefined,
	};
	sessions.set(name, session);
	return session;
}

/** A session and those that it starts over, the latest first. */
function ancestry(session: Session | undefined): readonly Session[] {
	return session === undefined ? [] : [session, ...ancestry(session.inherits)];
}

function nameOf({subtask, attempt}: SessionKey): string {
	return subtask === undefined ? 'lead' : `${subtask}/${attempt ?? 0}`;
}
