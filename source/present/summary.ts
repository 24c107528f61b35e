import {isFinal, undoableDelivery, type RunState} from '../core/run-state.ts';
import type {CheckState, SubtaskStatus} from '../core/run-state-entries.ts';
import type {RunReport} from '../core/run-report.ts';
import {sanitizeLine} from '../core/text.ts';
import {deliveredText} from './delivered-text.ts';
import {usageSharesText, usageText, modelSwitchesText} from './usage-text.ts';
import {statusSign} from './status-sign.ts';
import {checkOutputLines} from './check-output-lines.ts';
import {cutToWidth, textWidth} from './text/width.ts';
import {wrapText} from './text/wrap.ts';
import {reasonText} from './words.ts';

/** Columns when the width of the terminal is unknown. */
const defaultColumns = 100;

/**
 * The summary of a run: subtasks, checks, denied requests, files, usage per agent and model, time and
 * cost, and the undo command.
 */
export function summaryLines(
	report: RunReport,
	state: RunState,
	columns = defaultColumns,
): readonly string[] {
	const width = Math.max(40, columns);
	return [
		...subtaskLines(report, state, width),
		...report.checks.map(({name, passed}) => {
			const why = passed ? undefined : lastOutputLine(state.finalChecks.get(name));
			const line = `${passed ? '✓' : '✗'} ${name} (final)${why === undefined ? '' : `: ${why}`}`;
			return cutToWidth(sanitizeLine(line), width - 2);
		}),
		...report.denied.map(({what, by}) => `denied (${denialText(by)}): ${what}`),
		...labelled('changed', deliveredText(report, state), width),
		...labelled('agents', usageSharesText(report.usage.agents), width),
		...labelled('models', usageSharesText(report.usage.models), width),
		...labelled('switched', modelSwitchesText(state), width),
		...labelled('spent', usageText(report), width),
		...labelled('undo', undoText(state), width),
	].map(line => `  ${sanitizeLine(line) === '' ? '' : keepIndent(line)}`.trimEnd());
}

/** The last line on standard error: what happened, why, and the next command to run. */
export function lastLine(report: RunReport): string {
	const {outcome, reason, hint, next} = report;
	const steps = [hint, next].filter(step => step !== undefined).join('; then: ');
	return sanitizeLine(`${outcome}: ${reasonText(reason)}${steps === '' ? '' : ` → ${steps}`}`);
}

function denialText(by: string): string {
	switch (by) {
		case 'nobody':
			return 'no one could be asked';
		case 'deadline':
			return 'the decision timed out';
		default:
			return by;
	}
}

/** Sanitizes a line but keeps its indentation. */
function keepIndent(line: string): string {
	return `${/^ */.exec(line)?.[0] ?? ''}${sanitizeLine(line)}`;
}

/** One line per subtask, in columns, with at most two rows of summary, then its failed checks. */
function subtaskLines({subtasks}: RunReport, state: RunState, width: number): readonly string[] {
	const rows = subtasks.map(subtask => ({
		...rowOf(subtask),
		failedChecks: subtask.status === 'failed' ? failedCheckLines(subtask, state) : [],
	}));
	const idWidth = Math.min(24, Math.max(0, ...rows.map(({id}) => id.length)));
	const whoWidth = Math.min(28, Math.max(0, ...rows.map(({who}) => textWidth(sanitizeLine(who)))));
	return rows.flatMap(({sign, id, who, what, failedChecks}) => {
		const head = `${sign} ${pad(id, idWidth)}  ${pad(who, whoWidth)}  `;
		const room = Math.max(20, width - 2 - textWidth(head));
		const [first = '', ...more] = wrapText(what, room);
		const second = more.length > 0 ? [cutToWidth(more.join(' '), room)] : [];
		const below = [...second, ...failedChecks.map(line => cutToWidth(line, room))];
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
			(status === 'completed' ? summary : reason && reasonText(reason)) ??
				(isCutOff ? 'stopped before it finished' : ''),
		),
	};
}

/** The failed checks of a subtask, each with the last line of its output. */
function failedCheckLines({id, checks}: ReportedSubtask, state: RunState): readonly string[] {
	const known = state.subtasks.get(id)?.checks ?? [];
	return checks
		.filter(({passed}) => !passed)
		.map(({name}) => {
			const why = lastOutputLine(known.find(check => check.name === name));
			return sanitizeLine(`failed: ${name}${why === undefined ? '' : `: ${why}`}`);
		});
}

/** Only of inline output: long output is in a blob. */
function lastOutputLine(check: CheckState | undefined): string | undefined {
	return typeof check?.output === 'string' ? checkOutputLines(check.output).at(-1) : undefined;
}

function pad(text: string, width: number): string {
	const shown = cutToWidth(sanitizeLine(text), width);
	return shown + ' '.repeat(width - textWidth(shown));
}

/** A labelled line, wrapped under itself. */
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
