import type {Lanes, Placement} from './lanes.ts';

/**
 * A piece of the drawing. `●` is a subtask, `◆` one to which no line leads. Lanes run down; a line
 * beside a subtask leads to it where an arrow points at it, and away from it otherwise. A lane that a
 * line only passes under keeps its `│`.
 */
export type RailGlyph =
	' ' | '●' | '◆' | '│' | '─' | '├' | '┤' | '┼' | '┬' | '┴' | '╮' | '╰' | '╯' | '▸' | '◂';

export type RailCell = {
	readonly glyph: RailGlyph;
	/** Whether it stands only for dependencies on something other than success. */
	readonly dashed: boolean;
	/** Row of the subtask whose it is; of a lane: of the one that joined last. */
	readonly row: number;
};

/** The cells of a row, lanes at even columns; nothing behind the last piece. */
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

/** Where a line beside the subtask meets a lane. */
type Stop = {readonly column: number; readonly glyph: StopGlyphs; readonly dashed: boolean};
type StopGlyphs = Readonly<Record<Side | 'middle', RailGlyph>>;
type Side = 'left' | 'right';

const goingOn: StopGlyphs = {left: '├', right: '┤', middle: '┼'};
const ending: StopGlyphs = {left: '╰', right: '╯', middle: '┴'};
const beginning: StopGlyphs = {left: ' ', right: '╮', middle: '┬'};

/** The lines of one side, from the outermost lane to the subtask. */
function drawSide(
	cells: RailCell[],
	lanes: Lanes,
	row: number,
	placement: Placement,
	side: Side,
): void {
	const step = side === 'left' ? 1 : -1;
	const isHere = ({column}: Stop) => Math.sign(placement.column - column) === step;
	const incoming = incomingStops(lanes, row, placement).filter(isHere);
	const isIncoming = incoming.length > 0;
	const stops = (isIncoming ? incoming : outgoingStops(lanes, placement).filter(isHere)).toSorted(
		(a, b) => step * (a.column - b.column),
	);
	let onlyDashed = true;
	for (const [index, {column, glyph, dashed}] of stops.entries()) {
		const lane = cells[2 * column];
		const own = {glyph: index === 0 ? glyph[side] : glyph.middle, dashed, row};
		cells[2 * column] = lane?.glyph === '│' ? {...lane, glyph: own.glyph} : own;

		// The piece beside a lane tells how that lane leads to the subtask.
		onlyDashed &&= dashed;
		const end = 2 * (stops[index + 1]?.column ?? placement.column);
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

function incomingStops(lanes: Lanes, row: number, {entries}: Placement): readonly Stop[] {
	return entries.map(column => {
		const pending = lanes[column]?.pending;
		return {
			column,
			glyph: pending?.size === 1 ? ending : goingOn,
			dashed: pending?.get(row) === true,
		};
	});
}

function outgoingStops(lanes: Lanes, {column: own, joins, opens}: Placement): readonly Stop[] {
	const joined = joins.map(column => {
		const lane = lanes[column];
		return {column, glyph: goingOn, dashed: lane?.conditional === lane?.pending.size};
	});
	if (opens === undefined || opens.column === own) {
		return joined;
	}

	const dashed = [...opens.targets.values()].every(Boolean);
	return [...joined, {column: opens.column, glyph: beginning, dashed}];
}

/** The character of a cell. In ASCII `o` is `◆`; `:`, `~`, `{` and `}` are dashed. */
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
