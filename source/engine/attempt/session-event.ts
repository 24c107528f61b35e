import type {RunEventBody} from '../../core/run-event.ts';

/** Whose events they are: the lead's (no subtask) or those of an attempt. */
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

/** An event of a session before the names of its agent, subtask and attempt are bound to it. */
export type SessionEventBody = WithoutScope<Extract<RunEventBody, {type: SessionEventType}>>;

export type SessionScope = SessionKey & {readonly agent?: string | undefined};

/** Binds agent, subtask and attempt to all events, once. */
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
		// The compiler does not put a union back together whose members lost the same fields.
		emit({...body, ...scope} as RunEventBody);
	};
}
