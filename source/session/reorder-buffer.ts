import {mergeByTime, type HistoryEntry} from '../core/run-history.ts';

/** How long pieces are held back, ms: what is said comes from files that are looked at now and then. */
const holdMs = 250;

/** Pieces that come by two ways, held back a little and given on in the order of their times. */
export type HoldBack = {add(piece: HistoryEntry): void; stop(): void};

export function createHoldBack(give: (piece: HistoryEntry) => void): HoldBack {
	let held: HistoryEntry[] = [];
	let timer: NodeJS.Timeout | undefined;
	const giveAll = () => {
		timer = undefined;
		const pieces = held;
		held = [];
		mergeByTime(
			pieces.filter(piece => 'event' in piece),
			pieces.filter(piece => 'delta' in piece),
		).forEach(give);
	};

	return {
		add(piece) {
			held.push(piece);
			timer ??= setTimeout(giveAll, holdMs);
		},
		stop() {
			clearTimeout(timer);
		},
	};
}
