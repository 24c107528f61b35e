import {isUnusableAnswer, type Failure} from '../../core/failure.ts';
import type {EventOf, RunEvent} from '../../core/run-event.ts';
import type {Payload} from '../../core/payload.ts';
import type {SessionKey} from './session-event.ts';

/**
 * What earlier processes logged for one session. After a crash, an agent's loop runs from its beginning
 * with the logged answers and results; where the journal ends, it continues live.
 *
 * A restarted attempt inherits the answers of the interrupted one (the same request is never paid for
 * twice), but not the results, because its workspace is new.
 */
export type Journal = {
	/** The logged answer to a request with this hash. */
	answer(request: string): Payload | undefined;
	/** The logged result of a tool call. */
	result(call: string): EventOf<'tool-call-finished'> | undefined;
	/** A tool call that was started but has no result. */
	openCall(call: string): EventOf<'tool-call-started'> | undefined;
	openCalls(): readonly EventOf<'tool-call-started'>[];
	/** The outcome of the nth verification, from 1. */
	verification(round: number): EventOf<'verification-finished'> | undefined;
	/** The command of a started check without an outcome, in the workspace or before a merge. */
	openCheck(): string | undefined;
	/**
	 * How a conversation was compacted.
	 *
	 * @param conversation returns its hash; called only if any compaction was logged
	 */
	compaction(conversation: () => string): EventOf<'context-compacted'> | undefined;
	/** The unusable answer (reported to the model) to a request with this hash. */
	unusable(request: string): Failure | undefined;
	/** The target that the session last switched to. */
	lastTarget(): EventOf<'model-switched'>['to'] | undefined;
	/** Ids of the messages that were delivered before a turn; `undefined` for turns not reached yet. */
	messagesAt(turn: number): readonly string[] | undefined;
	/**
	 * Whether the person interrupted a turn, and which of its calls may still run: in a restarted attempt,
	 * those that had finished.
	 */
	interruption(turn: number): {readonly allows: (call: string) => boolean} | undefined;
	/** The last turn with a logged answer; 0 if none. */
	answeredTurns(): number;
	/** Last logged hash of each file written by a tool. */
	writtenFiles(): ReadonlyMap<string, string | null>;
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
	/** The interrupted attempt that this one restarts. */
	inherits: Session | undefined;
};

/** @param events of all attempts at the subtask; other sessions are ignored */
export function createJournal(events: readonly RunEvent[], key: SessionKey): Journal {
	const sessions = new Map<string, Session>();
	for (const event of events) {
		record(sessions, event);
	}

	const own = sessions.get(nameOf(key));
	/** The session and those that it restarts, latest first. */
	const lineage = ancestry(own);
	/** After an interruption, the lead is called again with the messages from the state. */
	const isLead = key.subtask === undefined;

	return {
		answer: request =>
			lineage.map(({answers}) => answers.get(request)).find(answer => answer !== undefined),
		result: call => own?.results.get(call),
		openCall: call => (own?.results.has(call) === true ? undefined : own?.calls.get(call)),
		openCalls: () =>
			[...(own?.calls.values() ?? [])].filter(({call}) => own?.results.has(call) !== true),
		verification: round => own?.verifications.get(round),
		openCheck: () => own?.openCheck,
		compaction(conversation) {
			const known = lineage.filter(({compactions}) => compactions.size > 0);
			const hash = known.length === 0 ? '' : conversation();
			return known.find(({compactions}) => compactions.has(hash))?.compactions.get(hash);
		},
		unusable: request =>
			lineage.map(({unusable}) => unusable.get(request)).find(failure => failure !== undefined),
		lastTarget: () => own?.lastTarget,
		messagesAt: turn =>
			lineage.every(({lastTurn}) => lastTurn < turn)
				? undefined
				: lineage.flatMap(({messages}) => messages.get(turn) ?? []),
		interruption(turn) {
			if (isLead) {
				return undefined;
			}

			if (own?.interrupted.has(turn) === true) {
				return {allows: () => false};
			}

			const before = lineage.slice(1);
			return before.some(({interrupted}) => interrupted.has(turn))
				? {allows: call => before.some(({results}) => hasFinished(results.get(call)))}
				: undefined;
		},
		answeredTurns: () => (isLead ? 0 : (own?.answeredTurns ?? 0)),
		writtenFiles: () => own?.written ?? new Map(),
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
			const delivered = session.messages.get(event.turn) ?? [];
			session.messages.set(event.turn, [...delivered, event.message]);
			session.lastTurn = Math.max(session.lastTurn, event.turn);
			break;
		}

		case 'turn-interrupted': {
			const session = sessionOf(sessions, event);
			session.interrupted.add(event.turn);
			session.lastTurn = Math.max(session.lastTurn, event.turn);
			break;
		}

		case 'attempt-restarted': {
			const {subtask, attempt} = event;
			const next = sessionOf(sessions, {subtask, attempt: attempt + 1});
			next.inherits = sessionOf(sessions, {subtask, attempt});
			break;
		}

		default:
	}
}

function isUnusable({retryInMs, failure}: EventOf<'model-call-failed'>): boolean {
	return retryInMs === undefined && isUnusableAnswer(failure.kind);
}

function hasFinished(result: EventOf<'tool-call-finished'> | undefined): boolean {
	return result !== undefined && result.interrupted !== true;
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

function ancestry(session: Session | undefined): readonly Session[] {
	return session === undefined ? [] : [session, ...ancestry(session.inherits)];
}

function nameOf({subtask, attempt}: SessionKey): string {
	return subtask === undefined ? 'lead' : `${subtask}/${attempt ?? 0}`;
}
