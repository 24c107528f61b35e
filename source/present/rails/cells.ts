import type {Lanes, Placement} from './lanes.ts';

/**
 * One cell. `●` is a subtask, `◆` one with no line leading to it. Lanes run down; a line beside a
 * subtask leads to it if an arrow points at it, otherwise away from it. A lane that a line merely
 * crosses keeps its `│`.
 */
export type RailGlyph =
	' ' | '●' | '◆' | '│' | '─' | '├' | '┤' | '┼' | '┬' | '┴' | '╮' | '╰' | '╯' | '▸' | '◂';

export type RailCell = {
	readonly glyph: RailGlyph;
	/** Whether it shows only conditional dependencies (other than success). */
	readonly dashed: boolean;
	/** Row of the subtask that it belongs to; for a lane, of the subtask that joined last. */
	readonly row: number;
};

/** The cells of a row, lanes at even columns, without trailing blanks. */
export function drawRow(lanes: Lanes, row: number, placement: Placement): readonly RailCell[] {
	const cells = Array.from({length: 2 * lanes.length - 1}, (_, index): RailCell => {
		const lane = index % 2 === 0 ? lanes[index / 2] : undefined;
		return lane === undefined
			? {glyph: ' ', dashed: false, row}
			: {glyph: '│', dashed: lane.conditional === lane.pending.size, row: lane.source};
	});
	drawSide(cells, lanes, row, placement, 'left');
	drawSide(cells, lanes, row, placement, 'right');
	const {column, entries} = placement;
	const led = entries.length > 0 || lanes[column] !== undefined;
	cells[2 * column] = {glyph: led ? '●' : '◆', dashed: false, row};
	return cells.slice(0, cells.findLastIndex(({glyph}) => glyph !== ' ') + 1);
}

type Junction = {readonly column: number; readonly glyph: JunctionGlyphs; readonly dashed: boolean};
type JunctionGlyphs = Readonly<Record<Side | 'middle', RailGlyph>>;
type Side = 'left' | 'right';

const passing: JunctionGlyphs = {left: '├', right: '┤', middle: '┼'};
const ending: JunctionGlyphs = {left: '╰', right: '╯', middle: '┴'};
const beginning: JunctionGlyphs = {left: ' ', right: '╮', middle: '┬'};

/** Draws the lines of one side, from the outermost lane to the subtask. */
function drawSide(
	cells: RailCell[],
	lanes: Lanes,
	row: number,
	placement: Placement,
	side: Side,
): void {
	const step = side === 'left' ? 1 : -1;
	const isHere = ({column}: Junction) => Math.sign(placement.column - column) === step;
	const incoming = incomingJunctions(lanes, row, placement).filter(isHere);
	const isIncoming = incoming.length > 0;
	const junctions = (
		isIncoming ? incoming : outgoingJunctions(lanes, placement).filter(isHere)
	).toSorted((a, b) => step * (a.column - b.column));
	let onlyDashed = true;
	for (const [index, {column, glyph, dashed}] of junctions.entries()) {
		const lane = cells[2 * column];
		const own = {glyph: index === 0 ? glyph[side] : glyph.middle, dashed, row};
		cells[2 * column] = lane?.glyph === '│' ? {...lane, glyph: own.glyph} : own;

		// The cell beside a lane shows how that lane leads to the subtask.
		onlyDashed &&= dashed;
		const end = 2 * (junctions[index + 1]?.column ?? placement.column);
		for (let at = 2 * column + step; at !== end; at += step) {
			if (cells[at]?.glyph === ' ') {
				cells[at] = {glyph: '─', dashed: isIncoming ? dashed : onlyDashed, row};
			}
		}
	}

	const near = cells[2 * placement.column - step];
	if (near?.glyph === '─' && (side === 'left' || isIncoming)) {
		const glyph = isIncoming === (side === 'left') ? '▸' : '◂';
		cells[2 * placement.column - step] = {...near, glyph};
	}
}

function incomingJunctions(lanes: Lanes, row: number, {entries}: Placement): readonly Junction[] {
	return entries.map(column => {
		const pending = lanes[column]?.pending;
		return {
			column,
			glyph: pending?.size === 1 ? ending : passing,
			dashed: pending?.get(row) === true,
		};
	});
}

function outgoingJunctions(
	lanes: Lanes,
	{column: own, joins, opens}: Placement,
): readonly Junction[] {
	const joined = joins.map(column => {
		const lane = lanes[column];
		return {column, glyph: passing, dashed: lane?.conditional === lane?.pending.size};
	});
	if (opens === undefined || opens.column === own) {
		return joined;
	}

	const dashed = [...opens.targets.values()].every(Boolean);
	return [...joined, {column: opens.column, glyph: beginning, dashed}];
}

/** The character of a cell. In ASCII, `o` is `◆`; `:`, `~`, `{` and `}` are dashed. */
export function railCharacter({glyph, dashed}: RailCell, ascii: boolean): string {
	const dashes = ascii ? asciiDashed : dashedGlyphs;
	return (dashed ? dashes[glyph] : undefined) ?? (ascii ? asciiGlyphs[glyph] : glyph);
}

const dashedGlyphs: Readonly<Partial<Record<RailGlyph, string>>> = {
	'│': '┊',
	'─': '┄',
	'▸': '▹',
	'◂': '◃',
};

const asciiGlyphs: Readonly<Record<RailGlyph, string>> = {
	' ': ' ',
	'●': '*',
	'◆': 'o',
	'│': '|',
	'─': '-',
	'├': '+',
	'┤': '+',
	'┼': '+',
	'┬': '.',
	'┴': "'",
	'╮': '\\',
	'╰': '\\',
	'╯': '/',
	'▸': '>',
	'◂': '<',
};

const asciiDashed: Readonly<Partial<Record<RailGlyph, string>>> = {
	'│': ':',
	'─': '~',
	'▸': '}',
	'◂': '{',
};
