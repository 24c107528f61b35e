import type {Payload, RunEvent} from '../core/run-event.ts';
import type {HistoryEntry} from '../core/run-history.ts';

/** Gives the text of a payload if it is at hand. */
export type Texts = (payload: Payload) => string | undefined;

/** Puts pieces of what happens in order: an event whose text has to be read first holds up what follows. */
export type LogFeed = {
	add(piece: HistoryEntry): void;
	/** Adds a piece without reading what lies in blobs: for what is long past. */
	addUnread(piece: HistoryEntry): void;
	/** Forgets what waits for a text that is being read, and takes nothing more. */
	stop(): void;
};

export function createLogFeed({
	read,
	take,
}: {
	readonly read: (payload: Payload) => Promise<string>;
	readonly take: (piece: HistoryEntry, texts: Texts) => void;
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
	const put = (piece: HistoryEntry, payload: Payload | undefined) => {
		if (stopped) {
			return;
		}

		if (!busy && payload === undefined) {
			take(piece, inPlace);
			return;
		}

		queue.push({piece, payload});
		if (!busy) {
			void pump();
		}
	};

	return {
		add(piece) {
			put(piece, 'event' in piece ? blobOf(piece.event) : undefined);
		},
		addUnread(piece) {
			put(piece, undefined);
		},
		stop() {
			stopped = true;
		},
	};
}

const inPlace: Texts = payload => (typeof payload === 'string' ? payload : undefined);

/** What a log shows of an event and does not find in it: an answer, a long result. */
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
