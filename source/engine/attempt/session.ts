import {blobOf, payloadOf} from '../../core/payload.ts';
import type {Redact} from '../../core/redact.ts';
import type {Payload} from '../../core/payload.ts';
import type {AttemptContext} from './attempt-context.ts';
import {createJournal, type Journal} from './journal.ts';
import type {SessionEventBody, SessionKey} from './session-event.ts';
import {createTurns, type Turns} from './turns.ts';

/**
 * The attempt's side of its context: journal, turns and texts, kept where the attempt runs. All that
 * tools, checks and model calls of one agent share.
 */
export type Session = {
	readonly agent: string;
	readonly key: SessionKey;
	readonly context: AttemptContext;
	readonly journal: Journal;
	readonly turns: Turns;
	emit(body: SessionEventBody): void;
	barrier(): Promise<void>;
	/** Removes secrets from what comes in. */
	redact(text: string): string;
	/** Redacts a text and makes a payload of it. */
	keep(text: string): Payload;
	/** Keeps a redacted text as a blob, however short. */
	keepBlob(text: string): Payload;
	/** A payload's text; `undefined` when its blob is missing or damaged. */
	read(payload: Payload): Promise<string | undefined>;
	/** Aborted when the attempt has to end. */
	readonly signal: AbortSignal;
};

/** Opens the session of an agent with what earlier processes logged of it. */
export async function openSession(options: {
	readonly context: AttemptContext;
	readonly agent: string;
	readonly key: SessionKey;
	readonly redact: Redact;
}): Promise<Session> {
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
