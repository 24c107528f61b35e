import type {RunEvent} from '../core/run-event.ts';
import {spentTokens, type RunState} from '../core/run-state.ts';
import {shorten} from '../core/text.ts';
import {activityOf} from '../present/activity.ts';
import {lineOf} from '../present/event-line.ts';
import type {Line} from '../present/line.ts';
import {planLines, verdictLines} from '../present/plan-lines.ts';
import {completedOf, filledCells} from '../present/progress-cells.ts';
import {fitRow, rowWidth, span, type Row, type Span} from '../present/text/row.ts';
import {plainLine} from '../present/log/stream-sanitizer.ts';
import {summaryLines} from '../present/summary.ts';
import {counted, statusGlyphs, stopwatch, tokens} from '../present/words.ts';
import type {Paint} from './inline.ts';
import type {Output, Reporter} from './reporter.ts';

export type BarReporter = Reporter & {
	/** Brings the bar up to date, its clock too. To be called a few times a second; writes only changes. */
	tick(): void;
};

/**
 * One line that tells how far a run is, and above it what a person has to know: failures, red checks,
 * questions. Where there is no terminal: these, and a line for each subtask that is over, without
 * colours. The bar is written at most 8 times a second. `now`: wall clock, ms; default: the system's.
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
	/** The bar at a time; none before the first event and after the end. */
	let barAt: ((time: number) => Row) | undefined;
	/** The bar as it stands on the terminal. */
	let written = '';
	let writtenAt = Number.NEGATIVE_INFINITY;
	let lastAgent: string | undefined;

	const refresh = (above = '') => {
		const time = now();
		const row = isTerminal ? barAt?.(time) : undefined;
		// The last column stays free: a terminal may begin a new line after it.
		const bar = row ? painted(cut(row, columns() - 1), paint) : '';
		const isEarly = Math.abs(time - writtenAt) < pauseMs;
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
			const told = toldLine(event, state);
			const lines = [
				...(told ? planInQuestion(event, state) : []),
				told,
				isTerminal ? undefined : overLine(event, state),
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

/** Shortest time between two writes of the bar alone, in ms. */
const pauseMs = 125;
const cells = 6;
/** Width of the column of names. */
const subjectWidth = 14;
/** Back to the beginning of the line, and everything on it erased (ECMA-48 EL). */
const eraseLine = '\r\u001B[K';

/** What stays above the bar. Waiting is no news: the bar itself says what agents do. */
function toldLine(event: RunEvent, state: RunState): Row | undefined {
	const line = event.type === 'agent-waiting' ? undefined : lineOf(event, state);
	return line && (line.tone === 'bad' || line.tone === 'warning') ? rowOf(line) : undefined;
}

/** The plan whole, with its verdicts, above the line that asks for a decision on it. */
function planInQuestion(event: RunEvent, state: RunState): readonly Row[] {
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

/** How far the run is when a subtask is over. */
function overLine(event: RunEvent, state: RunState): Row | undefined {
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

/** `▰▰▰▱▱▱ 3/8 subtasks · 2 at work · 41.2k tokens · 02:41 · teammate-1: edit_file src/api.ts`. */
function barOf(state: RunState, lastAgent: string | undefined): (time: number) => Row {
	const agents = [...state.agents.values()];
	const working = agents.filter(({activity}) => activity !== 'idle' && activity !== 'waiting');
	const before: readonly Row[] = [
		...(state.status === 'running' ? [] : [[span(state.status, 'heading')]]),
		...progress(state),
		[span(`${working.length} at work`)],
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
			span(` ${completedOf(state)}/${counted(size, 'subtask')}`),
		],
	];
}

/** What the agent does that was last heard of, unless it is idle. */
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
