import type {Dependency} from '../core/plan.ts';
import {isUnowned} from '../core/run-clock.ts';
import {pendingSubtask, type RunState} from '../core/run-state.ts';
import type {SubtaskStatus} from '../core/run-state-entries.ts';
import {counted, sanitizeLine} from '../core/text.ts';
import {listText} from './list-text.ts';
import {describeCondition} from './plan-lines.ts';
import {railCharacter, type RailCell} from './rails/cells.ts';
import type {RailLayout, RailRow} from './rails/rail-graph.ts';
import {fitRow, rowWidth, span, spread, type Row, type Span, type Tone} from './text/row.ts';
import {inProgress, statusSign} from './status-sign.ts';
import {progressRow} from './subtask-progress.ts';
import {textWidth} from './text/width.ts';

export type PlanRowOptions = {
	readonly width: number;
	readonly ascii?: boolean | undefined;
	/** Milliseconds since the epoch, for running times; default: as of the last event. */
	readonly now?: number | undefined;
};

/**
 * One row of a plan: rails, status sign, id, title, dependencies without a rail, and progress. All
 * rows have the same columns; a narrow width shortens the title. An index out of range returns an
 * empty row.
 */
export function planRow(
	layout: RailLayout,
	index: number,
	state: RunState,
	{width, ascii = false, now}: PlanRowOptions,
): Row {
	const row = layout.rows[index];
	if (!row) {
		return fitRow([], width);
	}

	const {subtask} = row;
	const own = state.subtasks.get(subtask.id) ?? pendingSubtask(subtask.id);
	const {sign, tone} = statusSign(own.status, {atRest: isUnowned(state), ascii});
	const head: Row = [
		...fitRow(railSpans(layout, row, state, ascii), layout.width),
		span(` ${sign} `, tone),
		...fitRow([span(subtask.id, tone)], Math.min(layout.idWidth, Math.floor(width / 5), 16)),
		span('  '),
	];
	const left = width - rowWidth(head);
	const wanted = width < 80 ? 22 : width < 100 ? 28 : 36;
	const progressWidth = Math.min(wanted, Math.max(12, left - 14));
	const titleWidth = left - progressWidth - 2;
	const title = titleWidth < 1 ? [] : [...titleSpans(row, tone, titleWidth, ascii), span('  ')];
	const progress = progressRow(row, own, state, {width: progressWidth, now});
	const full = fitRow([...head, ...title, ...progress], width);
	return ascii ? full.map(piece => ({...piece, text: inAscii(piece.text)})) : full;
}

/** `Plan · revision 2 · 8 subtasks · 3 done · 1 in progress · 1 failed`; zero counts are left out. */
export function planHeading(state: RunState): string {
	const {plan, subtasks} = state;
	if (!plan) {
		return 'Plan';
	}

	const statuses = [...subtasks.values()].map(({status}) => status);
	const counts = Object.entries(isUnowned(state) ? finalCounts : activeCounts).map(
		([words, together]) => {
			const count = statuses.filter(status => together.includes(status)).length;
			return count === 0 ? '' : `${count} ${words}`;
		},
	);
	return [
		'Plan',
		plan.revision > 1 ? `revision ${plan.revision}` : '',
		counted(plan.plan.subtasks.length, 'subtask'),
		plan.approved ? '' : 'not approved',
		...counts,
	]
		.filter(part => part !== '')
		.join(' · ');
}

const activeCounts: Readonly<Record<string, readonly SubtaskStatus[]>> = {
	done: ['completed'],
	'in progress': inProgress,
	failed: ['failed'],
	'waiting for you': ['awaiting-approval'],
	skipped: ['skipped'],
	cancelled: ['cancelled'],
};

/** For a run that has stopped. */
const finalCounts: Readonly<Record<string, readonly SubtaskStatus[]>> = {
	done: ['completed'],
	stopped: [...inProgress, 'awaiting-approval'],
	failed: ['failed'],
	skipped: ['skipped'],
	cancelled: ['cancelled'],
};

/** Adjacent cells of one tone share a span: a screen has many rows. */
function railSpans(
	layout: RailLayout,
	{cells}: RailRow,
	state: RunState,
	ascii: boolean,
): readonly Span[] {
	const spans: Span[] = [];
	for (const cell of cells) {
		const text = railCharacter(cell, ascii);
		const tone = railTone(layout, cell, state);
		const last = spans.at(-1);
		if (last?.tone === tone) {
			spans[spans.length - 1] = span(last.text + text, tone);
		} else {
			spans.push(span(text, tone));
		}
	}

	return spans;
}

/** A line is quiet unless it belongs to a running or failed subtask. */
function railTone({rows}: RailLayout, {glyph, dashed, row}: RailCell, state: RunState): Tone {
	const status = state.subtasks.get(rows[row]?.subtask.id ?? '')?.status ?? 'pending';
	const {tone} = statusSign(status, {atRest: isUnowned(state)});
	if (glyph === '●' || glyph === '◆') {
		return tone;
	}

	return !dashed && (tone === 'accent' || tone === 'bad') ? tone : 'quiet';
}

function titleSpans({subtask, spilled}: RailRow, tone: Tone, width: number, ascii: boolean): Row {
	const title = span(sanitizeLine(subtask.title), tone === 'quiet' ? 'quiet' : 'plain');
	if (spilled.length === 0) {
		return fitRow([title], width);
	}

	const own = textWidth(title.text) + 2;
	const names = spillText(spilled, Math.max(Math.floor(width / 2), width - own), ascii);
	return spread([title], [span(names, 'quiet')], width);
}

/** `← a,b failed +3`: as many as fit. */
function spillText(spilled: readonly Dependency[], width: number, ascii: boolean): string {
	const names = spilled.map(({subtask, when}) =>
		when === 'success' ? subtask : `${subtask} ${sanitizeLine(describeCondition(when))}`,
	);
	return `${ascii ? '<-' : '←'} ${listText(names, ',', width - 3)}`;
}

/** Replaces our own signs only; foreign text is unchanged. */
function inAscii(text: string): string {
	return text.replaceAll('…', '~').replaceAll('·', '-').replaceAll('−', '-');
}
