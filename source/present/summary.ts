import {
	isFinal,
	undoableDelivery,
	type CheckState,
	type RunState,
	type SubtaskStatus,
} from '../core/run-state.ts';
import type {RunReport} from '../core/run-report.ts';
import {sanitizeLine} from '../core/text.ts';
import {deliveredText} from './delivered-text.ts';
import {sharesText, spentText, switchesText} from './spent-text.ts';
import {statusSign} from './status-sign.ts';
import {tellingLines} from './telling-lines.ts';
import {cutToWidth, textWidth} from './text/width.ts';
import {wrapText} from './text/wrap.ts';

/** Columns of a summary, where nothing is known of the terminal. */
const usualColumns = 100;

/**
 * The end of a run for a person: what was done and by whom, checks, what was refused, files, tokens of
 * each agent and model, time and cost, and how to take it back.
 */
export function summaryLines(
	report: RunReport,
	state: RunState,
	columns = usualColumns,
): readonly string[] {
	const width = Math.max(40, columns);
	return [
		...subtaskLines(report, state, width),
		...report.checks.map(({name, passed}) => {
			const why = passed ? undefined : lastWords(state.finalChecks.get(name));
			const line = `${passed ? '✓' : '✗'} ${name} (the whole)${why === undefined ? '' : `: ${why}`}`;
			return cutToWidth(sanitizeLine(line), width - 2);
		}),
		...report.denied.map(({what, by}) => `not allowed (${by}): ${what}`),
		...labelled('changed', deliveredText(report, state), width),
		...labelled('by', sharesText(report.usage.agents), width),
		...labelled('models', sharesText(report.usage.models), width),
		...labelled('switched', switchesText(state), width),
		...labelled('spent', spentText(report), width),
		...labelled('undo', undoText(state), width),
	].map(line => `  ${sanitizeLine(line) === '' ? '' : keepIndent(line)}`.trimEnd());
}

/** The last line on standard error: what happened, why, and the next command to type. */
export function lastLine(report: RunReport): string {
	const {outcome, reason, next} = report;
	return sanitizeLine(`${outcome}: ${reason}${next === undefined ? '' : ` → ${next}`}`);
}

/** Sanitized, but for the blanks that it begins with. */
function keepIndent(line: string): string {
	return `${/^ */.exec(line)?.[0] ?? ''}${sanitizeLine(line)}`;
}

/** One subtask a line, in columns; at most two rows of what came of it, then its red checks. */
function subtaskLines({subtasks}: RunReport, state: RunState, width: number): readonly string[] {
	const rows = subtasks.map(subtask => ({
		...rowOf(subtask),
		red: subtask.status === 'failed' ? redLines(subtask, state) : [],
	}));
	const idWidth = Math.min(24, Math.max(0, ...rows.map(({id}) => id.length)));
	const whoWidth = Math.min(28, Math.max(0, ...rows.map(({who}) => textWidth(sanitizeLine(who)))));
	return rows.flatMap(({sign, id, who, what, red}) => {
		const head = `${sign} ${pad(id, idWidth)}  ${pad(who, whoWidth)}  `;
		const room = Math.max(20, width - 2 - textWidth(head));
		const [first = '', ...more] = wrapText(what, room);
		const second = more.length > 0 ? [cutToWidth(more.join(' '), room)] : [];
		const below = [...second, ...red.map(line => cutToWidth(line, room))];
		return [`${head}${first}`, ...below.map(line => `${' '.repeat(textWidth(head))}${line}`)];
	});
}

type ReportedSubtask = RunReport['subtasks'][number];

function rowOf({id, status, attempts, agent, summary, reason}: ReportedSubtask) {
	const known = status as SubtaskStatus;
	const sign = statusSign(known, {atRest: true}).sign ?? '?';
	const isCutOff = attempts > 0 && !isFinal(known);
	return {
		sign,
		id,
		who: agent === undefined ? '' : `${agent}${attempts > 1 ? `, ${attempts} attempts` : ''}`,
		what: sanitizeLine(
			(status === 'completed' ? summary : reason) ?? (isCutOff ? 'stopped before its end' : ''),
		),
	};
}

/** The red checks of a subtask that failed, each with the last thing that it printed. */
function redLines({id, checks}: ReportedSubtask, state: RunState): readonly string[] {
	const known = state.subtasks.get(id)?.checks ?? [];
	return checks
		.filter(({passed}) => !passed)
		.map(({name}) => {
			const why = lastWords(known.find(check => check.name === name));
			return sanitizeLine(`red: ${name}${why === undefined ? '' : `: ${why}`}`);
		});
}

/** Long output is kept in a file, where it is not looked for. */
function lastWords(check: CheckState | undefined): string | undefined {
	return typeof check?.output === 'string' ? tellingLines(check.output).at(-1) : undefined;
}

function pad(text: string, width: number): string {
	const shown = cutToWidth(sanitizeLine(text), width);
	return shown + ' '.repeat(width - textWidth(shown));
}

/** A line with a name before it, wrapped under itself. */
function labelled(label: string, text: string | undefined, width: number): readonly string[] {
	const indent = 9;
	return text === undefined
		? []
		: wrapText(sanitizeLine(text), width - 2 - indent).map(
				(line, index) => `${(index === 0 ? label : '').padEnd(indent)}${line}`,
			);
}

function undoText(state: RunState): string | undefined {
	const files = undoableDelivery(state)?.files ?? [];
	return files.length > 0 ? `llm-orchestrator undo ${state.run}` : undefined;
}
