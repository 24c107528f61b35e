import type {LogBlock} from './log-block.ts';
import type {Row} from '../text/row.ts';

/** The lines of a log, numbered from the beginning; the oldest are dropped block by block. */
export type LineRing<Block extends LogBlock> = {
	/** Number of the first line in memory, which is the number of lines dropped. */
	readonly first: number;
	/** One past the number of the last line. */
	readonly end: number;
	/** In columns. */
	readonly width: number;
	/** Adds a block and clears the tail. */
	append(block: Block): void;
	/** Adds rows to the last block and clears the tail. */
	extend(rows: readonly Row[]): void;
	/** Sets the rows of the unfinished line, after all blocks. */
	setTail(rows: readonly Row[]): void;
	/** Renders a block again; ignored when it has been dropped. */
	refresh(block: Block): void;
	/** Renders everything at another width. */
	refreshAll(width: number): void;
	rows(from: number, count: number): readonly Row[];
	/** The block of a line; `undefined` in the tail. */
	blockAt(line: number): Block | undefined;
	blocks(): readonly Block[];
};

type Entry<Block> = {
	readonly block: Block;
	rows: Row[];
	/** Number of its first line, which may have been dropped. */
	start: number;
	size: number;
};

/**
 * Keeps at most `capacity` lines and `maxSize` characters of blocks, but always the last block.
 * Appending takes constant time per row; changing a block takes time linear in the blocks after it.
 */
export function createLineRing<Block extends LogBlock>(options: {
	readonly width: number;
	readonly capacity: number;
	readonly maxSize: number;
}): LineRing<Block> {
	const {capacity, maxSize} = options;
	const entries: Entry<Block>[] = [];
	let {width} = options;
	let tail: readonly Row[] = [];
	let first = 0;
	/** One past the last line of the blocks. */
	let bottom = 0;
	let size = 0;

	const measure = (one: Entry<Block>) => {
		size += one.block.size - one.size;
		one.size = one.block.size;
	};
	const render = (one: Entry<Block>) => {
		one.rows = [...one.block.rows(width)];
		measure(one);
	};
	const renumber = (from: number) => {
		let start = from === 0 ? first : endOf(entries[from - 1], first);
		for (let index = from; index < entries.length; index++) {
			const one = entries[index];
			if (one) {
				one.start = start;
				start = endOf(one, start);
			}
		}

		bottom = start;
	};
	const evict = () => {
		first = Math.max(first, bottom + tail.length - capacity);
		let evicted = 0;
		while (
			evicted < entries.length - 1 &&
			(size > maxSize || endOf(entries[evicted], first) <= first)
		) {
			first = Math.max(first, endOf(entries[evicted], first));
			size -= entries[evicted]?.size ?? 0;
			evicted++;
		}

		entries.splice(0, evicted);
	};

	return {
		get first() {
			return first;
		},
		get end() {
			return bottom + tail.length;
		},
		get width() {
			return width;
		},
		append(block) {
			tail = [];
			const one = {block, rows: [], start: bottom, size: 0};
			render(one);
			entries.push(one);
			bottom = endOf(one, bottom);
			evict();
		},
		extend(rows) {
			tail = [];
			const last = entries.at(-1);
			if (last) {
				last.rows.push(...rows);
				bottom += rows.length;
				measure(last);
				evict();
			}
		},
		setTail(rows) {
			tail = rows;
			const last = entries.at(-1);
			if (bottom + tail.length < first && last) {
				bottom = first;
				last.start = bottom - last.rows.length;
			}

			evict();
		},
		refresh(block) {
			const index = entries.findLastIndex(one => one.block === block);
			const one = entries[index];
			if (one) {
				render(one);
				renumber(index);
				evict();
			}
		},
		refreshAll(newWidth) {
			width = newWidth;
			entries.forEach(render);
			renumber(0);
			evict();
		},
		rows(from, count) {
			const found: Row[] = [];
			const take = (rows: readonly Row[], start: number) => {
				const to = Math.min(rows.length, from + count - start);
				for (let index = Math.max(0, from - start, first - start); index < to; index++) {
					found.push(rows[index] ?? []);
				}
			};
			for (let index = indexOf(entries, from); index < entries.length; index++) {
				const {start, rows} = entries[index] ?? {start: bottom, rows: []};
				if (start >= from + count) {
					return found;
				}

				take(rows, start);
			}

			take(tail, bottom);
			return found;
		},
		blockAt: line =>
			line < first || line >= bottom ? undefined : entries[indexOf(entries, line)]?.block,
		blocks: () => entries.map(({block}) => block),
	};
}

function endOf<Block>(one: Entry<Block> | undefined, otherwise: number): number {
	return one ? one.start + one.rows.length : otherwise;
}

/** Index of the block that contains a line, by binary search. */
function indexOf<Block>(entries: readonly Entry<Block>[], line: number): number {
	let low = 0;
	let high = entries.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (endOf(entries[middle], line) <= line) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}

	return low;
}
