import {setImmediate} from 'node:timers/promises';
import type {RunEvent} from '../../source/core/run-event.ts';
import type {RunLog, Store} from '../../source/store/store.ts';

/** What happened to a run and through it, in one common order. */
export type Moment =
	| {readonly kind: 'append'; readonly event: RunEvent}
	/** An event of an earlier process, of which nobody knows whether it is durable. */
	| {readonly kind: 'found'; readonly event: RunEvent}
	/** All that stands before the place `covers` is durable now. */
	| {readonly kind: 'durable'; readonly covers: number}
	| {readonly kind: 'effect'; readonly name: string};

export type EventOrder = {
	readonly moments: readonly Moment[];
	/** To be called when an effect begins. */
	note(effect: string): void;
	/** The store, of whose logs is written down what is appended and when it is durable. */
	watch(store: Store): Store;
	/** The effects so far, in their order. */
	effects(): readonly string[];
};

export function createEventOrder(): EventOrder {
	const moments: Moment[] = [];
	const watchLog = (log: RunLog): RunLog => {
		const durably = async (work: () => Promise<void>) => {
			const covers = moments.length;
			await work();
			// A disk takes its time: whoever does not wait for it is ahead of it.
			await setImmediate();
			moments.push({kind: 'durable', covers});
		};
		return {
			...log,
			append(event) {
				log.append(event);
				moments.push({kind: 'append', event});
			},
			barrier: async () => durably(log.barrier),
			close: async () => durably(log.close),
			inbox: {
				...log.inbox,
				async remove(id) {
					moments.push({kind: 'effect', name: `remove ${id}`});
					await log.inbox.remove(id);
				},
			},
		};
	};

	return {
		moments,
		note(name) {
			moments.push({kind: 'effect', name});
		},
		effects: () => moments.flatMap(moment => (moment.kind === 'effect' ? [moment.name] : [])),
		watch: store => ({
			...store,
			async create(first, blobs) {
				const log = await store.create(first, blobs);
				moments.push({kind: 'append', event: first});
				moments.push({kind: 'durable', covers: moments.length});
				return watchLog(log);
			},
			async open(run, options) {
				const {log, events} = await store.open(run, options);
				moments.push(...events.map(event => ({kind: 'found', event}) as const));
				return {log: watchLog(log), events};
			},
		}),
	};
}

/**
 * How each moment that `isEffect` stands to the last event before it that `isIntent`: `durable` when the
 * log had it on disk before the effect began.
 */
export function protectionOf(
	{moments}: EventOrder,
	isEffect: (moment: Moment) => boolean,
	isIntent: (event: RunEvent) => boolean,
): readonly ('durable' | 'only appended' | 'no intent')[] {
	return moments.flatMap((moment, at) => {
		if (!isEffect(moment)) {
			return [];
		}

		const intent = moments
			.slice(0, at)
			.findLastIndex(before => 'event' in before && isIntent(before.event));
		if (intent === -1) {
			return ['no intent'];
		}

		const isDurable = moments
			.slice(intent, at)
			.some(between => between.kind === 'durable' && between.covers > intent);
		return [isDurable ? 'durable' : 'only appended'];
	});
}
