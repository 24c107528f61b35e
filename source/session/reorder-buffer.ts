import {mergeByTime, type HistoryEntry} from '../core/run-history.ts';

/** How long pieces are held back, in ms: transcripts are polled. */
const delayMs = 250;

/** Merges pieces of two sources: holds them back briefly and emits them in order of time. */
export type ReorderBuffer = {add(piece: HistoryEntry): void; stop(): void};

export function createReorderBuffer(emit: (piece: HistoryEntry) => void): ReorderBuffer {
	let buffer: HistoryEntry[] = [];
	let timer: NodeJS.Timeout | undefined;
	const flush = () => {
		timer = undefined;
		const pieces = buffer;
		buffer = [];
		mergeByTime(
			pieces.filter(piece => 'event' in piece),
			pieces.filter(piece => 'delta' in piece),
		).forEach(emit);
	};

	return {
		add(piece) {
			buffer.push(piece);
			timer ??= setTimeout(flush, delayMs);
		},
		stop() {
			clearTimeout(timer);
		},
	};
}
