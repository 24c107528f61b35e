import type {RunEvent} from '../core/run-event.ts';
import {spentTokens, type RunState} from '../core/run-state.ts';
import {counted, shorten} from '../core/text.ts';
import {activityOf} from '../present/activity.ts';
import {lineOf} from '../present/event-line.ts';
import type {Line} from '../present/line.ts';
import {planLines, verdictLines} from '../present/plan-lines.ts';
import {completedCount, filledCells} from '../present/progress-cells.ts';
import {fitRow, rowWidth, span, type Row, type Span} from '../present/text/row.ts';
import {plainLine} from '../present/log/stream-sanitizer.ts';
import {summaryLines} from '../present/summary.ts';
import {statusGlyphs, statusText, stopwatch, tokens} from '../present/words.ts';
import type {Paint} from './inline.ts';
import type {Output, Reporter} from './reporter.ts';

export type BarReporter = Reporter & {
	/** Redraws the bar and its clock if they changed. Call it a few times a second. */
	tick(): void;
};

/**
 * A progress line, and above it what needs attention: failures, failed checks, requests. Without a
 * terminal: only those, and a line for each finished subtask, without colors. The bar is written at
 * most 8 times a second. `now`: wall clock, ms; default: the system's.
 */
export function createBarReporter(
	output: Output,
	options: {
		readonly paint: Paint;
		readonly columns: () => number;
		readonly isTerminal: boolean;
		readonly now?: () => number;
	},
): BarReporter {
	const {columns, isTerminal, now = Date.now} = options;
	const paint: Paint = isTerminal ? options.paint : (_, text) => text;
	/** The bar at a given time; `undefined` before the first event and after the end. */
	let barAt: ((time: number) => Row) | undefined;
	/** The bar currently on the terminal. */
	let written = '';
	let writtenAt = Number.NEGATIVE_INFINITY;
	let lastAgent: string | undefined;

	const refresh = (above = '') => {
		const time = now();
		const row = isTerminal ? barAt?.(time) : undefined;
		// The last column stays free: a terminal may wrap after it.
		const bar = row ? painted(cut(row, columns() - 1), paint) : '';
		const isEarly = Math.abs(time - writtenAt) < minWriteIntervalMs;
		if (above === '' && (bar === written || isEarly)) {
			return;
		}

		output.write(`${written === '' ? '' : eraseLine}${above}${bar}`);
		written = bar;
		writtenAt = time;
	};

	return {
		event(event, state) {
			lastAgent = 'agent' in event ? event.agent : lastAgent;
			barAt = barOf(state, lastAgent);
			const notice = noticeLine(event, state);
			const lines = [
				...(notice ? planToApprove(event, state) : []),
				notice,
				isTerminal ? undefined : progressLine(event, state),
			];
			refresh(
				lines
					.filter(line => line !== undefined)
					.map(line => `${painted(line, paint)}\n`)
					.join(''),
			);
		},
		delta: () => undefined,
		tick: () => {
			refresh();
		},
		async end(report, state) {
			barAt = undefined;
			refresh(
				['', ...summaryLines(report, state, Math.min(columns(), 120))]
					.map(line => `${line}\n`)
					.join(''),
			);
			await output.flush();
		},
	};
}

/** Least time between two writes of the bar alone, in ms. */
const minWriteIntervalMs = 125;
const cells = 6;
/** Width of the column of names. */
const subjectWidth = 14;
/** Returns to the start of the line and erases it (ECMA-48 EL). */
const eraseLine = '\r\u001B[K';

/** What stays above the bar. Waiting is left out: the bar itself shows what agents do. */
function noticeLine(event: RunEvent, state: RunState): Row | undefined {
	const line = event.type === 'agent-waiting' ? undefined : lineOf(event, state);
	return line && (line.tone === 'bad' || line.tone === 'warning') ? rowOf(line) : undefined;
}

/** The full plan with its verdicts, above the request to approve it. */
function planToApprove(event: RunEvent, state: RunState): readonly Row[] {
	const {plan} = state;
	if (event.type !== 'approval-requested' || event.subject.kind !== 'plan' || !plan) {
		return [];
	}

	return [
		...planLines(plan.plan, state).map((line): Row => [span(line)]),
		...verdictLines(plan.verdicts).map(rowOf),
	];
}

function rowOf({subject, text, tone}: Line): Row {
	const name = shorten(plainLine(subject), subjectWidth).padEnd(subjectWidth);
	return [span(`${name}  `, 'quiet'), span(plainLine(text), tone)];
}

/** The progress of the run when a subtask is finished. */
function progressLine(event: RunEvent, state: RunState): Row | undefined {
	switch (event.type) {
		case 'subtask-completed':
		case 'subtask-failed':
		case 'subtask-skipped':
		case 'subtask-cancelled': {
			const status = state.subtasks.get(event.subtask)?.status ?? 'pending';
			return joined([
				...progress(state),
				[span(plainLine(`${statusGlyphs[status]} ${event.subtask}`))],
				[span(`${tokens(spentTokens(state))} tokens`)],
				[span(stopwatch(state.activeMs))],
			]);
		}

		default:
			return undefined;
	}
}

/** `▰▰▰▱▱▱ 3/8 subtasks · 2 working · 41.2k tokens · 02:41 · teammate-1: edit_file src/api.ts`. */
function barOf(state: RunState, lastAgent: string | undefined): (time: number) => Row {
	const agents = [...state.agents.values()];
	const working = agents.filter(({activity}) => activity !== 'idle' && activity !== 'waiting');
	const before: readonly Row[] = [
		...(state.status === 'running' ? [] : [[span(statusText(state.status), 'heading')]]),
		...progress(state),
		[span(`${working.length} working`)],
		[span(`${tokens(spentTokens(state))} tokens`)],
	];
	const after = activity(state, lastAgent);
	const {activeMs} = state;
	const runs = state.report === undefined && state.status !== 'awaiting-approval';
	const since = runs ? Date.parse(state.changedAt) : Number.NaN;
	return time => {
		const more = Number.isNaN(since) ? 0 : Math.max(0, time - since);
		return joined([...before, [span(stopwatch(activeMs + more))], ...after]);
	};
}

function progress(state: RunState): readonly Row[] {
	const {size} = state.subtasks;
	if (size === 0) {
		return [];
	}

	const filled = filledCells(state, cells);
	return [
		[
			span('▰'.repeat(filled), 'accent'),
			span('▱'.repeat(cells - filled), 'quiet'),
			span(` ${completedCount(state)}/${counted(size, 'subtask')}`),
		],
	];
}

/** The activity of the agent with the latest event, unless it is idle. */
function activity(state: RunState, name: string | undefined): readonly Row[] {
	const agent = name === undefined ? undefined : state.agents.get(name);
	if (!agent || agent.activity === 'idle') {
		return [];
	}

	const {text, tone} = activityOf(agent, state);
	return [[span(`${plainLine(agent.name)}: `, 'quiet'), span(plainLine(text), tone)]];
}

function joined(parts: readonly Row[]): Row {
	return parts.flatMap((part, index): readonly Span[] =>
		index === 0 ? part : [span(' · ', 'quiet'), ...part],
	);
}

function cut(row: Row, width: number): Row {
	return rowWidth(row) > width ? fitRow(row, width) : row;
}

function painted(row: Row, paint: Paint): string {
	return row.map(({text, tone}) => paint(tone, text)).join('');
}
