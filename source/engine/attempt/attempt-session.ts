import {blobOf, payloadOf} from '../../core/payload.ts';
import type {Redact} from '../../core/redact.ts';
import type {Payload} from '../../core/payload.ts';
import type {AttemptContext} from './attempt-context.ts';
import {createJournal, type Journal} from './journal.ts';
import type {SessionEventBody, SessionKey} from './session-event.ts';
import {createTurns, type Turns} from './turns.ts';

/**
 * What the tools, checks and model calls of one agent share: context, journal, turns and payloads. Lives
 * in the process that runs the attempt.
 */
export type AttemptSession = {
	readonly agent: string;
	readonly key: SessionKey;
	readonly context: AttemptContext;
	readonly journal: Journal;
	readonly turns: Turns;
	emit(body: SessionEventBody): void;
	barrier(): Promise<void>;
	/** Removes secrets from incoming text. */
	redact(text: string): string;
	/** Redacts a text and stores it as a payload. */
	keep(text: string): Payload;
	/** Stores a redacted text as a blob, whatever its length. */
	keepBlob(text: string): Payload;
	/** A payload's text; `undefined` if its blob is missing or damaged. */
	read(payload: Payload): Promise<string | undefined>;
	/** Aborted when the attempt must end. */
	readonly signal: AbortSignal;
};

/** Opens an agent's session, with the journal of earlier processes. */
export async function openAttemptSession(options: {
	readonly context: AttemptContext;
	readonly agent: string;
	readonly key: SessionKey;
	readonly redact: Redact;
}): Promise<AttemptSession> {
	const {context, agent, key, redact} = options;
	const {emit, barrier, signal} = context;
	const journal = createJournal(await context.history(), key);
	const put = (text: string, payload: Payload): Payload => {
		if (typeof payload !== 'string') {
			context.putBlob(text);
		}

		return payload;
	};
	return {
		agent,
		key,
		context,
		journal,
		turns: createTurns(journal, context),
		emit,
		barrier,
		redact,
		keep(text) {
			const redacted = redact(text);
			return put(redacted, payloadOf(redacted));
		},
		keepBlob: text => put(text, blobOf(text)),
		read: async payload => (typeof payload === 'string' ? payload : context.readBlob(payload.blob)),
		signal,
	};
}
