import type {RunEventBody} from '../../core/run-event.ts';

/** Identifies a session: an attempt, or the lead (no subtask). */
export type SessionKey = {
	readonly subtask?: string | undefined;
	readonly attempt?: number | undefined;
};

/** The events that a session may write. */
export type SessionEventType =
	| 'agent-started'
	| 'agent-finished'
	| 'agent-waiting'
	| 'agent-resumed'
	| 'model-call-started'
	| 'model-call-finished'
	| 'model-call-failed'
	| 'model-switched'
	| 'context-compacted'
	| 'tool-call-started'
	| 'tool-call-finished'
	| 'message-delivered'
	| 'check-started'
	| 'check-finished'
	| 'verification-finished';

type WithoutScope<Body> = Body extends unknown
	? Omit<Body, 'agent' | 'subtask' | 'attempt'>
	: never;

/** A session's event without agent, subtask and attempt; `bindScope` adds them. */
export type SessionEventBody = WithoutScope<Extract<RunEventBody, {type: SessionEventType}>>;

export type SessionScope = SessionKey & {readonly agent?: string | undefined};

/** Adds agent, subtask and attempt to every event. */
export function bindScope(
	emit: (body: RunEventBody) => void,
	{agent, subtask, attempt}: SessionScope,
): (body: SessionEventBody) => void {
	const scope = {
		...(agent === undefined ? {} : {agent}),
		...(subtask === undefined ? {} : {subtask}),
		...(attempt === undefined ? {} : {attempt}),
	};
	return body => {
		// TypeScript cannot rebuild a union from members with the same fields omitted.
		emit({...body, ...scope} as RunEventBody);
	};
}
