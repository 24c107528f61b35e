/** An edge as it can be read in a drawing, by rows. */
export type TracedEdge = {
	readonly from: number;
	readonly to: number;
	readonly conditional: boolean;
};

/**
 * Reads the edges back from the characters of a drawing, Unicode or ASCII, as a person would follow
 * the lines with a finger; throws where a line is broken or could be read in two ways.
 */
export function traceRails(lines: readonly string[]): readonly TracedEdge[] {
	const rows = lines.map(readRow);
	const edges: TracedEdge[] = [];
	let lanes = new Map<number, readonly number[]>();
	for (const [row, {node, isStart, incoming, outgoing, passing}] of rows.entries()) {
		const after = new Map<number, readonly number[]>();
		const take = (column: number) => {
			const sources = lanes.get(column);
			lanes.delete(column);
			return sources ?? fail(row, `nothing leads into column ${column}`);
		};
		const enter = (sources: readonly number[], conditional: boolean) =>
			edges.push(...sources.map(from => ({from, to: row, conditional})));

		for (const {column, goesOn, dashed} of incoming) {
			const sources = take(column);
			enter(sources, dashed);
			if (goesOn) {
				after.set(column, sources);
			}
		}

		for (const {column, begins} of outgoing) {
			after.set(column, [...(begins ? [] : take(column)), row]);
		}

		for (const column of passing) {
			after.set(column, take(column));
		}

		if (!isStart && (incoming.length === 0 || lanes.has(node))) {
			enter(take(node), false);
		}

		if (lanes.size > 0) {
			fail(row, `lanes end nowhere: ${[...lanes.keys()].join()}`);
		}

		after.set(node, [row]);
		const below = rows[row + 1];
		if (below && !leadsUp(below, node)) {
			after.delete(node);
		}

		lanes = after;
	}

	return edges;
}

type Stop = {
	readonly column: number;
	readonly goesOn: boolean;
	readonly begins: boolean;
	readonly dashed: boolean;
};

type TracedRow = {
	readonly node: number;
	readonly isStart: boolean;
	readonly incoming: readonly Stop[];
	readonly outgoing: readonly Stop[];
	/** Lanes that have nothing to do with the subtask. */
	readonly passing: readonly number[];
};

function readRow(line: string, row: number): TracedRow {
	const rails = [...line];
	const nodes = rails.flatMap((character, column) => ('●◆*o'.includes(character) ? [column] : []));
	const [node = -1] = nodes;
	if (nodes.length !== 1) {
		fail(row, 'not one subtask');
	}

	const left = readSide(rails, node, -1, row);
	const right = readSide(rails, node, 1, row);
	const used = new Set([...left.used, ...right.used, node]);
	const passing = rails.flatMap((character, column) => {
		if (used.has(column) || character === ' ') {
			return [];
		}

		return '│┊|:'.includes(character) ? [column] : fail(row, `stray ${character} at ${column}`);
	});
	return {
		node,
		isStart: '◆o'.includes(rails[node] ?? ''),
		incoming: [left, right].flatMap(side => (side.incoming ? side.stops : [])),
		outgoing: [left, right].flatMap(side => (side.incoming ? [] : side.stops)),
		passing,
	};
}

function readSide(rails: readonly string[], node: number, step: -1 | 1, row: number) {
	const [inward, outward] = step === -1 ? ['▸▹>}', '◂◃<{'] : ['◂◃<{', '─┄-~'];
	const first = rails[node + step] ?? ' ';
	const stops: Stop[] = [];
	const used: number[] = [];
	if (!(inward + outward).includes(first)) {
		return {incoming: false, stops, used};
	}

	const incoming = inward.includes(first);
	let bridges: number[] = [];
	let end = node;
	for (let at = node + step; isLine(rails[at]) || at % 2 === 0; at += step) {
		const character = rails[at] ?? ' ';
		if (character === ' ') {
			break;
		}

		if (isLine(character)) {
			used.push(at);
		} else if ('│┊|:'.includes(character)) {
			bridges.push(at);
		} else {
			stops.push({
				column: at,
				...readStop(character, incoming),
				dashed: isDashed(rails[at - step]),
			});
			used.push(at);
			bridges = [];
			end = at;
		}
	}

	if (used.some(at => step * at > step * end) || stops.length === 0) {
		fail(row, 'a line ends nowhere');
	}

	const outer = stops.at(-1)?.column ?? node;
	const corners = step === -1 ? '├╰+\\' : '┤╯╮+/\\';
	if (!corners.includes(rails[outer] ?? '')) {
		fail(row, `a line ends in ${rails[outer]}`);
	}

	return {incoming, stops, used};
}

function readStop(character: string, incoming: boolean) {
	const ends = "╰╯┴'/".includes(character) || (character === '\\' && incoming);
	const begins = '╮┬.'.includes(character) || (character === '\\' && !incoming);
	if (ends && !incoming) {
		throw new Error('a lane ends at a line that leads away');
	}

	if (begins && incoming) {
		throw new Error('a lane begins at a line that leads to a subtask');
	}

	return {goesOn: !ends, begins};
}

/** A subtask straight below another one continues it, unless an arrow leads to it or it is a start. */
function leadsUp({node, isStart, incoming, outgoing, passing}: TracedRow, column: number): boolean {
	return (
		passing.includes(column) ||
		incoming.some(stop => stop.column === column) ||
		outgoing.some(stop => stop.column === column && !stop.begins) ||
		(node === column && !isStart && incoming.length === 0)
	);
}

function isLine(character: string | undefined): boolean {
	return character !== undefined && '─┄▸▹◂◃-~><{}'.includes(character);
}

function isDashed(character: string | undefined): boolean {
	return character !== undefined && '┄▹◃~{}'.includes(character);
}

function fail(row: number, problem: string): never {
	throw new Error(`row ${row}: ${problem}`);
}
