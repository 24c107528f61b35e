import {inOrder, type PastPiece} from '../core/run-past.ts';

/** How long pieces are held back, ms: what is said comes from files that are looked at now and then. */
const holdMs = 250;

/** Pieces that come by two ways, held back a little and given on in the order of their times. */
export type HoldBack = {add(piece: PastPiece): void; stop(): void};

export function createHoldBack(give: (piece: PastPiece) => void): HoldBack {
	let held: PastPiece[] = [];
	let timer: NodeJS.Timeout | undefined;
	const giveAll = () => {
		timer = undefined;
		const pieces = held;
		held = [];
		inOrder(
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
