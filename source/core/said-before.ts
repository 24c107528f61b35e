import type {RunEvent} from './run-event.ts';
import type {TranscriptLine} from './run.ts';

/**
 * Whether a piece of what an agent said comes before an event. In the same ms it comes behind all
 * events but those that end its call.
 */
export function isSaidBefore({time}: Pick<TranscriptLine, 'time'>, event: RunEvent): boolean {
	const endsCall = event.type === 'model-call-finished' || event.type === 'model-call-failed';
	return endsCall ? time <= event.time : time < event.time;
}
