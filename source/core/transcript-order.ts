import type {RunEvent} from './run-event.ts';
import type {TranscriptLine} from './run.ts';

/**
 * Whether a piece of an agent's output precedes an event. In the same ms it follows all events
 * except those that end its call.
 */
export function precedesEvent({time}: Pick<TranscriptLine, 'time'>, event: RunEvent): boolean {
	const endsCall = event.type === 'model-call-finished' || event.type === 'model-call-failed';
	return endsCall ? time <= event.time : time < event.time;
}
