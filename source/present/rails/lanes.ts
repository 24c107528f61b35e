/** Rows that something leads to; `true` where the dependency is on something other than success. */
export type Targets = ReadonlyMap<number, boolean>;

/**
 * A vertical line. Whatever joined it comes before whatever it still leads to: this holds for each
 * pair, so a lane with several sources and several targets says nothing that is not so.
 */
export type Lane = {
	readonly pending: Map<number, boolean>;
	/** How many of the pending are conditional. */
	conditional: number;
	/** The row that joined last. */
	source: number;
	/** The row straight below which the lane begins; absent when it begins beside its source. */
	readonly below: number | undefined;
	/** Where the last subtask stands that it led to. */
	exit: number | undefined;
};

/** The lanes by column; a free column is `undefined`. */
export type Lanes = (Lane | undefined)[];

/** What a row is drawn below. */
export type Rails = {
	readonly lanes: Lanes;
	/** The column of the subtask of the row above. */
	above: number | undefined;
};

/** Where the subtask of a row stands and what it is connected with. All numbers are columns of lanes. */
export type Placement = {
	readonly column: number;
	/** Lanes that lead to it from the side. */
	readonly entries: readonly number[];
	/** Lanes of others that it joins. */
	readonly joins: readonly number[];
	readonly opens: Opening | undefined;
	/** Rows that none of these lanes leads to. */
	readonly spilled: readonly number[];
};

/** A lane that begins at a subtask: straight below it, or beside it to the right. */
type Opening = {readonly column: number; readonly targets: Targets};

/** A line longer than a screen helps nobody, so it must not take the place of others. */
const nearRows = 40;

/**
 * Finds a place for the subtask of a row. Each side of it has either lines that lead to it or lines
 * that lead away, and a line from straight above is a dependency on success. One column stays free.
 */
export function placeSubtask(rails: Rails, row: number, targets: Targets): Placement {
	const {lanes} = rails;
	const entries = columnsWhere(lanes, lane => lane?.pending.has(row) === true);
	const joinable = joinableLanes(lanes, row, targets);
	const opening = !targets.has(row + 1) && restOf(lanes, targets, joinable).size > 0;
	const [best] = [...lanes.keys()]
		.filter(column => mayStand(lanes[column], row, entries))
		.map(column => seatAt(column, rails, {entries, joinable, opening}))
		.toSorted((a, b) => a.cost - b.cost);
	if (!best) {
		throw new Error('no column is free for a subtask');
	}

	const rest = restOf(lanes, targets, best.joins);
	const opens = openLane(lanes, row, best, rest);
	const spilled = [...rest.keys()].filter(target => !opens?.targets.has(target));
	return {column: best.column, entries: best.entries, joins: best.joins, opens, spilled};
}

/** Takes the row's connections over into the lanes. */
export function moveOn(rails: Rails, row: number, {column, joins, opens}: Placement): void {
	const {lanes} = rails;
	rails.above = column;
	for (const [index, lane] of lanes.entries()) {
		const conditional = lane?.pending.get(row);
		if (!lane || conditional === undefined) {
			continue;
		}

		lane.pending.delete(row);
		lane.conditional -= conditional ? 1 : 0;
		lane.exit = column;
		if (lane.pending.size === 0) {
			lanes[index] = undefined;
		}
	}

	for (const index of joins) {
		const lane = lanes[index];
		if (lane) {
			lane.source = row;
		}
	}

	if (opens !== undefined) {
		lanes[opens.column] = {
			pending: new Map(opens.targets),
			conditional: [...opens.targets.values()].filter(Boolean).length,
			source: row,
			below: opens.column === column ? row : undefined,
			exit: undefined,
		};
	}
}

function columnsWhere(lanes: Lanes, holds: (lane: Lane | undefined) => boolean): readonly number[] {
	return [...lanes.keys()].filter(column => holds(lanes[column]));
}

/** The lanes that lead to nothing but targets, under the same conditions; none twice. */
function joinableLanes(lanes: Lanes, row: number, targets: Targets): readonly number[] {
	const covered = new Set<number>();
	return columnsWhere(lanes, lane => lane !== undefined && isJoinable(lane, row, targets))
		.toSorted((a, b) => pendingOf(lanes, b).size - pendingOf(lanes, a).size)
		.filter(column => {
			const pending = [...pendingOf(lanes, column).keys()];
			const isNew = !pending.some(target => covered.has(target));
			for (const target of isNew ? pending : []) {
				covered.add(target);
			}

			return isNew;
		});
}

function isJoinable({pending}: Lane, row: number, targets: Targets): boolean {
	if (pending.size > targets.size || pending.has(row)) {
		return false;
	}

	for (const [target, conditional] of pending) {
		if (targets.get(target) !== conditional) {
			return false;
		}
	}

	return true;
}

function mayStand(lane: Lane | undefined, row: number, entries: readonly number[]): boolean {
	if (lane === undefined) {
		return true;
	}

	// Below its source, an arrow from the side would hide that this is a connection, too.
	const hidden = entries.length > 1 && lane.below === row - 1;
	return lane.pending.size === 1 && lane.pending.get(row) === false && !hidden;
}

type Seat = {
	readonly column: number;
	readonly entries: readonly number[];
	readonly joins: readonly number[];
	readonly cost: number;
};

type Wishes = {
	readonly entries: readonly number[];
	readonly joinable: readonly number[];
	/** Whether a lane is to begin that does not lead to the next row. */
	readonly opening: boolean;
};

/**
 * What it means to stand in a column. Short lines that cross little are good, and so are places at the
 * left, room at the right for a lane to begin, and siblings below each other, but nobody else.
 */
function seatAt(column: number, {lanes, above}: Rails, wishes: Wishes): Seat {
	const entries = wishes.entries.filter(entry => entry !== column);
	const isLed = {
		left: entries.some(entry => entry < column),
		right: entries.some(entry => entry > column),
	};
	const joins = wishes.joinable.filter(join => !(join < column ? isLed.left : isLed.right));
	const sides = [...entries, ...joins];
	const first = Math.min(column, ...sides);
	const last = Math.max(column, ...sides);
	const crossed = columnsWhere(lanes, lane => lane !== undefined).filter(
		other => other > first && other < last && !sides.includes(other),
	);
	const aligned = entries.some(entry => lanes[entry]?.exit === column);
	const isStranger = entries.length > 0 && column === above && !aligned;
	const cost =
		column +
		(last - first) / 2 +
		2 * crossed.length +
		6 * (wishes.joinable.length - joins.length) +
		(entries.length > 0 ? 0.75 : 0) +
		(isStranger ? 1.5 : 0) +
		(isLed.right && wishes.opening ? 3 : 0) -
		(aligned ? 3 : 0);
	return {column, entries, joins, cost};
}

function restOf(lanes: Lanes, targets: Targets, joins: readonly number[]): Targets {
	const rest = new Map(targets);
	for (const join of joins) {
		for (const target of pendingOf(lanes, join).keys()) {
			rest.delete(target);
		}
	}

	return rest;
}

/**
 * The lane for the rest: straight below when it leads to the next row, else to the right, to leave the
 * column to others. When lanes get scarce, it leads to what is near, or is not opened.
 */
function openLane(
	lanes: Lanes,
	row: number,
	{column, entries}: Seat,
	rest: Targets,
): Opening | undefined {
	const free = columnsWhere(
		lanes,
		lane => lane === undefined || (lane.pending.size === 1 && lane.pending.has(row)),
	).length;
	const near = new Map([...rest].filter(([target]) => target - row <= nearRows));
	const targets = free > lanes.length / 2 ? rest : near;
	if (targets.size === 0 || (free < 2 && !leadsStraightOn(lanes, row, targets))) {
		return undefined;
	}

	const beside = [...lanes.keys()].find(other => other > column && lanes[other] === undefined);
	const straight = targets.has(row + 1) || entries.some(entry => entry > column);
	return {column: straight || beside === undefined ? column : beside, targets};
}

/** Whether nothing but the next row follows, so that it can stand straight below. */
function leadsStraightOn(lanes: Lanes, row: number, targets: Targets): boolean {
	return (
		targets.size === 1 &&
		targets.get(row + 1) === false &&
		columnsWhere(lanes, lane => lane?.pending.has(row + 1) === true).length === 0
	);
}

function pendingOf(lanes: Lanes, column: number): Targets {
	return lanes[column]?.pending ?? new Map<number, boolean>();
}
