import type {RunEvent} from '../core/run-event.ts';
import type {Payload} from '../core/payload.ts';
import type {HistoryEntry} from '../core/run-history.ts';
import type {ReadPayload} from '../present/check-rows.ts';

/** Delivers pieces in order: an event whose text must be read first holds back what follows. */
export type LogFeed = {
	add(piece: HistoryEntry): void;
	/** Adds a piece without reading blobs, for the distant past. */
	addWithoutText(piece: HistoryEntry): void;
	/** Drops what is waiting and ignores later pieces. */
	stop(): void;
};

export function createLogFeed({
	read,
	take,
}: {
	readonly read: (payload: Payload) => Promise<string>;
	readonly take: (piece: HistoryEntry, texts: ReadPayload) => void;
}): LogFeed {
	let queue: {readonly piece: HistoryEntry; readonly payload: Payload | undefined}[] = [];
	let busy = false;
	let stopped = false;

	const pump = async () => {
		busy = true;
		while (queue.length > 0) {
			const batch = queue;
			queue = [];
			for (const {piece, payload} of batch) {
				const text = payload === undefined ? undefined : await read(payload).catch(() => undefined);
				if (stopped) {
					return;
				}

				take(piece, asked =>
					typeof asked === 'string' ? asked : asked === payload ? text : undefined,
				);
			}
		}

		busy = false;
	};
	const enqueue = (piece: HistoryEntry, payload: Payload | undefined) => {
		if (stopped) {
			return;
		}

		if (!busy && payload === undefined) {
			take(piece, inlineText);
			return;
		}

		queue.push({piece, payload});
		if (!busy) {
			void pump();
		}
	};

	return {
		add(piece) {
			enqueue(piece, 'event' in piece ? blobOf(piece.event) : undefined);
		},
		addWithoutText(piece) {
			enqueue(piece, undefined);
		},
		stop() {
			stopped = true;
		},
	};
}

const inlineText: ReadPayload = payload => (typeof payload === 'string' ? payload : undefined);

/** The blob that a log shows for an event: an answer or a long result. */
function blobOf(event: RunEvent): Payload | undefined {
	const payload =
		event.type === 'model-call-finished'
			? event.answer
			: event.type === 'tool-call-finished'
				? event.result
				: event.type === 'check-finished'
					? event.output
					: undefined;
	return typeof payload === 'string' ? undefined : payload;
}
