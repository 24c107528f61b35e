import type {LogBlock} from './log-block.ts';
import type {Row} from '../text/row.ts';

/** The lines of a log, numbered from its beginning; the oldest are forgotten, block by block. */
export type LineRing<Block extends LogBlock> = {
	/** Number of the first line that is held: as many have left. */
	readonly first: number;
	/** Number after that of the last line. */
	readonly end: number;
	/** In columns. */
	readonly width: number;
	/** Adds a block; the tail is empty then. */
	append(block: Block): void;
	/** Adds rows that the last block has got; the tail is empty then. */
	extend(rows: readonly Row[]): void;
	/** Sets the rows after all blocks, those of a line that has no end yet. */
	setTail(rows: readonly Row[]): void;
	/** Takes the rows of a block anew; nothing happens when it has left. */
	refresh(block: Block): void;
	/** Takes all rows anew at another width. */
	refreshAll(width: number): void;
	rows(from: number, count: number): readonly Row[];
	/** The block that a line belongs to; none in the tail. */
	blockAt(line: number): Block | undefined;
	blocks(): readonly Block[];
};

type Held<Block> = {
	readonly block: Block;
	rows: Row[];
	/** Number of its first line, which may have left. */
	start: number;
	size: number;
};

/**
 * Holds at most `capacity` lines, and blocks of at most `maxSize` characters but for the last block.
 * Adding takes constant time a row; a change in the middle as long as there are blocks after it.
 */
export function createLineRing<Block extends LogBlock>(options: {
	readonly width: number;
	readonly capacity: number;
	readonly maxSize: number;
}): LineRing<Block> {
	const {capacity, maxSize} = options;
	const held: Held<Block>[] = [];
	let {width} = options;
	let tail: readonly Row[] = [];
	let first = 0;
	/** Number after that of the last line of the blocks. */
	let bottom = 0;
	let size = 0;

	const measure = (one: Held<Block>) => {
		size += one.block.size - one.size;
		one.size = one.block.size;
	};
	const render = (one: Held<Block>) => {
		one.rows = [...one.block.rows(width)];
		measure(one);
	};
	const renumber = (from: number) => {
		let start = from === 0 ? first : endOf(held[from - 1], first);
		for (let index = from; index < held.length; index++) {
			const one = held[index];
			if (one) {
				one.start = start;
				start = endOf(one, start);
			}
		}

		bottom = start;
	};
	const forget = () => {
		first = Math.max(first, bottom + tail.length - capacity);
		let gone = 0;
		while (gone < held.length - 1 && (size > maxSize || endOf(held[gone], first) <= first)) {
			first = Math.max(first, endOf(held[gone], first));
			size -= held[gone]?.size ?? 0;
			gone++;
		}

		held.splice(0, gone);
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
			held.push(one);
			bottom = endOf(one, bottom);
			forget();
		},
		extend(rows) {
			tail = [];
			const last = held.at(-1);
			if (last) {
				last.rows.push(...rows);
				bottom += rows.length;
				measure(last);
				forget();
			}
		},
		setTail(rows) {
			tail = rows;
			const last = held.at(-1);
			if (bottom + tail.length < first && last) {
				bottom = first;
				last.start = bottom - last.rows.length;
			}

			forget();
		},
		refresh(block) {
			const index = held.findLastIndex(one => one.block === block);
			const one = held[index];
			if (one) {
				render(one);
				renumber(index);
				forget();
			}
		},
		refreshAll(newWidth) {
			width = newWidth;
			held.forEach(render);
			renumber(0);
			forget();
		},
		rows(from, count) {
			const found: Row[] = [];
			const take = (rows: readonly Row[], start: number) => {
				const to = Math.min(rows.length, from + count - start);
				for (let index = Math.max(0, from - start, first - start); index < to; index++) {
					found.push(rows[index] ?? []);
				}
			};
			for (let index = indexOf(held, from); index < held.length; index++) {
				const {start, rows} = held[index] ?? {start: bottom, rows: []};
				if (start >= from + count) {
					return found;
				}

				take(rows, start);
			}

			take(tail, bottom);
			return found;
		},
		blockAt: line =>
			line < first || line >= bottom ? undefined : held[indexOf(held, line)]?.block,
		blocks: () => held.map(({block}) => block),
	};
}

function endOf<Block>(one: Held<Block> | undefined, otherwise: number): number {
	return one ? one.start + one.rows.length : otherwise;
}

/** Of the block that holds a line, found by halving. */
function indexOf<Block>(held: readonly Held<Block>[], line: number): number {
	let low = 0;
	let high = held.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (endOf(held[middle], line) <= line) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}

	return low;
}
