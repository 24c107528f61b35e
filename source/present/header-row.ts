import {isUnverified} from '../core/verified.ts';
import type {RunState} from '../core/run-state.ts';
import {sanitizeLine} from '../core/text.ts';
import {completedCount, filledCells} from './progress-cells.ts';
import {rowWidth, span, spread, type Row, type Span} from './text/row.ts';
import {asciiRunGlyphs, atLeast, money, runGlyphs, statusText, stopwatch, tokens} from './words.ts';

export type HeaderOptions = {
	readonly width: number;
	/** The task; empty until its text is loaded. */
	readonly task: string;
	/** Active time of the run, ms. */
	readonly activeMs: number;
	readonly ascii?: boolean | undefined;
	/** Kind of view, if not a run of this process: `replay ×8`, `attached`. */
	readonly badge?: string | undefined;
};

/** The top line of a run: task, progress, time, usage. */
export function headerRow(state: RunState, options: HeaderOptions): Row {
	const {width, task, badge} = options;
	const left: readonly Span[] = [
		...(width >= 100 ? [span(' llm-orchestrator ', 'heading')] : [span(' ')]),
		...(width >= 160 ? [span(`${state.run} `, 'quiet')] : []),
		...(badge === undefined ? [] : [span(`[${badge}] `, 'warning')]),
		span(`“${sanitizeLine(task.split('\n', 1)[0] ?? '')}”`),
	];
	return spread(left, rightPart(state, options), width);
}

/** In columns. */
const minLeft = 18;

/** Progress, time and usage, shortened to leave room for the task. */
function rightPart(state: RunState, {width, activeMs, ascii = false}: HeaderOptions): Row {
	const glyph = (ascii ? asciiRunGlyphs : runGlyphs)[state.status];
	const word =
		state.delivery?.undone === true
			? 'undone'
			: isUnverified(state)
				? 'completed, unverified'
				: statusText(state.status);
	const tone = statusTone(state);
	const bar = progress(state, ascii, width >= 100 ? 10 : 6);
	const end = span(`  ${stopwatch(activeMs)}  ${used(state)} `);
	const short: Row = [...bar.slice(-1), span(`  ${glyph}`, tone), end];
	const candidates: readonly Row[] = [
		[...bar, span(`  ${glyph} ${word}`, tone), end],
		[...bar, span(`  ${glyph}`, tone), end],
		short,
	];
	return candidates.find(row => rowWidth(row) + minLeft <= width) ?? short;
}

function progress(state: RunState, ascii: boolean, cells: number): readonly Span[] {
	const all = state.subtasks.size;
	if (all === 0) {
		return [];
	}

	const done = completedCount(state);
	const filled = filledCells(state, cells);
	const [on, off] = ascii ? ['#', '.'] : ['▰', '▱'];
	return [
		span(on.repeat(filled), 'accent'),
		span(off.repeat(cells - filled), 'quiet'),
		span(` ${done}/${all}`),
	];
}

function used({usage, settings}: RunState): string {
	const {total} = usage.total;
	const limit = settings?.maxTokens ?? null;
	// Against a limit, calls cut off by a crash count with everything reserved for them.
	const count = limit === null ? tokens(total) : `${tokens(total + usage.lost)}/${tokens(limit)}`;
	return `${count} tok${cost(usage, settings?.maxUsd ?? null)}`;
}

/** Known cost, against the limit if there is one; empty when neither is known. */
function cost({total, lostUsd}: RunState['usage'], limit: number | null): string {
	if (limit === null) {
		return total.usd === 0 ? '' : ` ${atLeast(total)}`;
	}

	return ` ${atLeast({...total, usd: total.usd + lostUsd})}/${money(limit)}`;
}

function statusTone({status}: RunState): Span['tone'] {
	switch (status) {
		case 'completed':
			return 'good';
		case 'failed':
		case 'rejected':
			return 'bad';
		case 'awaiting-approval':
		case 'paused':
		case 'stopped':
		case 'cancelled':
			return 'warning';
		case 'planning':
		case 'running':
			return 'accent';
	}
}
