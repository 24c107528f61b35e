import type {RunEvent} from '../../core/run-event.ts';
import type {SessionKey} from '../attempt/session-event.ts';

/** What earlier processes logged, indexed by subtask. */
export type History = {
	/** In order; without a subtask, the lead's. */
	of(subtask: string | undefined): readonly RunEvent[];
	/** Whether any turn of this session was logged. */
	hasTurns(key: SessionKey): boolean;
	/** Adds an event of this process, as if an earlier one had logged it. */
	add(event: RunEvent): void;
};

export function createHistory(events: readonly RunEvent[]): History {
	const bySubtask = new Map<string | undefined, RunEvent[]>();
	const add = (event: RunEvent) => {
		const subtask = 'subtask' in event ? event.subtask : undefined;
		const known = bySubtask.get(subtask);
		if (known) {
			known.push(event);
		} else {
			bySubtask.set(subtask, [event]);
		}
	};

	for (const event of events) {
		add(event);
	}

	const of = (subtask: string | undefined) => bySubtask.get(subtask) ?? [];
	return {
		of,
		add,
		hasTurns: ({subtask, attempt}) =>
			of(subtask).some(
				event => turnEvents.has(event.type) && 'attempt' in event && event.attempt === attempt,
			),
	};
}

const turnEvents: ReadonlySet<RunEvent['type']> = new Set([
	'model-call-started',
	'message-delivered',
	'turn-interrupted',
	'tool-call-started',
]);
