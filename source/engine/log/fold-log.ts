import {applyEvent, type ResolvePayload} from '../../core/fold.ts';
import type {ReadBlob} from '../../core/payload.ts';
import type {RunEvent} from '../../core/run-event.ts';
import {emptyRunState, type RunState} from '../../core/run-state.ts';

/**
 * The texts of a log's plans, by blob hash. They are the only blobs that the fold needs; others are read
 * when shown.
 */
export async function readPlanTexts(
	events: readonly RunEvent[],
	readBlob: ReadBlob,
): Promise<Map<string, string>> {
	const texts = new Map<string, string>();
	for (const event of events) {
		if (event.type === 'plan-proposed' && typeof event.plan !== 'string') {
			const text = await readBlob(event.plan.blob);
			if (text !== undefined) {
				texts.set(event.plan.blob, text);
			}
		}
	}

	return texts;
}

export function payloadResolver(texts: ReadonlyMap<string, string>): ResolvePayload {
	return payload => (typeof payload === 'string' ? payload : texts.get(payload.blob));
}

/** A resolver for `applyEvent` that knows the plans in these events. */
export async function planResolver(
	events: readonly RunEvent[],
	readBlob: ReadBlob,
): Promise<ResolvePayload> {
	return payloadResolver(await readPlanTexts(events, readBlob));
}

/** The state of a run, from its complete log. */
export async function foldLog(events: readonly RunEvent[], readBlob: ReadBlob): Promise<RunState> {
	const resolve = await planResolver(events, readBlob);
	return events.reduce((state, event) => applyEvent(state, event, resolve), emptyRunState());
}
