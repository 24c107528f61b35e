/** A position in a long list: the selected item and the first visible one. */
export type ListPosition = {readonly selected: number; readonly top: number};

export type Move = 'up' | 'down' | 'page-up' | 'page-down' | 'first' | 'last';

/** Moves the selection within `length` rows, and scrolls the window of `height` rows only as needed. */
export function moveSelection(
	{selected, top}: ListPosition,
	move: Move,
	{length, height}: {readonly length: number; readonly height: number},
): ListPosition {
	const page = Math.max(1, height - 1);
	const steps = {
		up: -1,
		down: 1,
		'page-up': -page,
		'page-down': page,
		first: -length,
		last: length,
	} as const;
	return keepVisible({selected: selected + steps[move], top}, {length, height});
}

/** Clamps a position after the list or the window became smaller. */
export function keepVisible(
	{selected, top}: ListPosition,
	{length, height}: {readonly length: number; readonly height: number},
): ListPosition {
	const within = Math.max(0, Math.min(selected, length - 1));
	const highest = Math.max(0, length - height);
	const first = Math.min(Math.max(top, within - height + 1), within, highest);
	return {selected: within, top: Math.max(0, first)};
}

/** Scrolls without a selection; `undefined` follows the end. */
export function scrollBy(
	top: number | undefined,
	move: Move,
	{
		first,
		length,
		height,
	}: {readonly first: number; readonly length: number; readonly height: number},
): number | undefined {
	const end = Math.max(first, first + length - height);
	const page = Math.max(1, height - 1);
	const from = top ?? end;
	const target = {
		up: from - 1,
		down: from + 1,
		'page-up': from - page,
		'page-down': from + page,
		first,
		last: end,
	}[move];
	const to = Math.max(first, target);
	return to >= end ? undefined : to;
}
