/** Target rows; `true` for a conditional dependency (other than success). */
export type Targets = ReadonlyMap<number, boolean>;

/**
 * A vertical line. Everything that joined it is a dependency of everything it still leads to, so a
 * lane with several sources and several targets is never misleading.
 */
export type Lane = {
	readonly pending: Map<number, boolean>;
	/** Count of conditional targets among the pending ones. */
	conditional: number;
	/** The row that joined last. */
	source: number;
	/** The row directly below which the lane starts; absent when it starts beside its source. */
	readonly below: number | undefined;
	/** Column of the last subtask that it led to. */
	exit: number | undefined;
};

/** Lanes by column; `undefined` is free. */
export type Lanes = (Lane | undefined)[];

/** The state above a row. */
export type Rails = {
	readonly lanes: Lanes;
	/** Column of the subtask in the row above. */
	above: number | undefined;
};

/** Where a row's subtask is placed and what it connects to. All numbers are columns of lanes. */
export type Placement = {
	readonly column: number;
	/** Lanes that lead to it from a side. */
	readonly entries: readonly number[];
	/** Existing lanes that it joins. */
	readonly joins: readonly number[];
	readonly opens: Opening | undefined;
	/** Target rows without a lane. */
	readonly spilled: readonly number[];
};

/** A lane that starts at a subtask: directly below it, or beside it to the right. */
type Opening = {readonly column: number; readonly targets: Targets};

/** Rows. A longer line than a screen is of no use, so it must not take a lane from others. */
const maxLaneRows = 40;

/**
 * Places the subtask of a row. Each side of it has either incoming or outgoing lines, and a line from
 * directly above is a dependency on success. One column stays free.
 */
export function placeSubtask(rails: Rails, row: number, targets: Targets): Placement {
	const {lanes} = rails;
	const entries = columnsWhere(lanes, lane => lane?.pending.has(row) === true);
	const joinable = joinableLanes(lanes, row, targets);
	const opening = !targets.has(row + 1) && uncoveredTargets(lanes, targets, joinable).size > 0;
	const [best] = [...lanes.keys()]
		.filter(column => canPlace(lanes[column], row, entries))
		.map(column => candidateAt(column, rails, {entries, joinable, opening}))
		.toSorted((a, b) => a.cost - b.cost);
	if (!best) {
		throw new Error('no column is free for a subtask');
	}

	const rest = uncoveredTargets(lanes, targets, best.joins);
	const opens = openLane(lanes, row, best, rest);
	const spilled = [...rest.keys()].filter(target => !opens?.targets.has(target));
	return {column: best.column, entries: best.entries, joins: best.joins, opens, spilled};
}

/** Updates the lanes after a row. */
export function advanceRails(rails: Rails, row: number, {column, joins, opens}: Placement): void {
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

/** Lanes that lead only to these targets, under the same conditions, without overlap. */
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

function canPlace(lane: Lane | undefined, row: number, entries: readonly number[]): boolean {
	if (lane === undefined) {
		return true;
	}

	// Below its source, an arrow from the side would hide that this is also a connection.
	const hidden = entries.length > 1 && lane.below === row - 1;
	return lane.pending.size === 1 && lane.pending.get(row) === false && !hidden;
}

type Candidate = {
	readonly column: number;
	readonly entries: readonly number[];
	readonly joins: readonly number[];
	readonly cost: number;
};

type Constraints = {
	readonly entries: readonly number[];
	readonly joinable: readonly number[];
	/** Whether a lane must start that does not lead to the next row. */
	readonly opening: boolean;
};

/**
 * Rates a column. Preferred are short lines with few crossings, the left side, room at the right for
 * a new lane, and a column below siblings but not below unrelated subtasks.
 */
function candidateAt(column: number, {lanes, above}: Rails, constraints: Constraints): Candidate {
	const entries = constraints.entries.filter(entry => entry !== column);
	const isLed = {
		left: entries.some(entry => entry < column),
		right: entries.some(entry => entry > column),
	};
	const joins = constraints.joinable.filter(join => !(join < column ? isLed.left : isLed.right));
	const sides = [...entries, ...joins];
	const first = Math.min(column, ...sides);
	const last = Math.max(column, ...sides);
	const crossed = columnsWhere(lanes, lane => lane !== undefined).filter(
		other => other > first && other < last && !sides.includes(other),
	);
	const aligned = entries.some(entry => lanes[entry]?.exit === column);
	const isUnrelated = entries.length > 0 && column === above && !aligned;
	const cost =
		column +
		(last - first) / 2 +
		2 * crossed.length +
		6 * (constraints.joinable.length - joins.length) +
		(entries.length > 0 ? 0.75 : 0) +
		(isUnrelated ? 1.5 : 0) +
		(isLed.right && constraints.opening ? 3 : 0) -
		(aligned ? 3 : 0);
	return {column, entries, joins, cost};
}

function uncoveredTargets(lanes: Lanes, targets: Targets, joins: readonly number[]): Targets {
	const rest = new Map(targets);
	for (const join of joins) {
		for (const target of pendingOf(lanes, join).keys()) {
			rest.delete(target);
		}
	}

	return rest;
}

/**
 * Opens a lane for the remaining targets: directly below if it leads to the next row, otherwise to
 * the right, to keep the column free. When lanes are scarce, it leads only to near rows or is not
 * opened.
 */
function openLane(
	lanes: Lanes,
	row: number,
	{column, entries}: Candidate,
	rest: Targets,
): Opening | undefined {
	const free = columnsWhere(
		lanes,
		lane => lane === undefined || (lane.pending.size === 1 && lane.pending.has(row)),
	).length;
	const near = new Map([...rest].filter(([target]) => target - row <= maxLaneRows));
	const targets = free > lanes.length / 2 ? rest : near;
	if (targets.size === 0 || (free < 2 && !leadsOnlyToNext(lanes, row, targets))) {
		return undefined;
	}

	const beside = [...lanes.keys()].find(other => other > column && lanes[other] === undefined);
	const straight = targets.has(row + 1) || entries.some(entry => entry > column);
	return {column: straight || beside === undefined ? column : beside, targets};
}

/** Whether the only target is the next row, which can then be placed directly below. */
function leadsOnlyToNext(lanes: Lanes, row: number, targets: Targets): boolean {
	return (
		targets.size === 1 &&
		targets.get(row + 1) === false &&
		columnsWhere(lanes, lane => lane?.pending.has(row + 1) === true).length === 0
	);
}

function pendingOf(lanes: Lanes, column: number): Targets {
	return lanes[column]?.pending ?? new Map<number, boolean>();
}
