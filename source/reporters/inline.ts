import type {RunEvent} from '../core/run-event.ts';
import type {RunState} from '../core/run-state.ts';
import {counted, sanitizeLine, shorten} from '../core/text.ts';
import {lineOf} from '../present/event-line.ts';
import type {Line} from '../present/line.ts';
import type {Tone} from '../present/text/row.ts';
import {planLines, verdictLines} from '../present/plan-lines.ts';
import {summaryLines} from '../present/summary.ts';
import {permissionText} from '../present/permission-text.ts';
import {checkOutputLines} from '../present/check-output-lines.ts';
import {wrapText} from '../present/text/wrap.ts';
import type {Output, Reporter} from './reporter.ts';

/** Styles a text by its tone; the identity without colors. */
export type Paint = (tone: Tone, text: string) => string;

/** Width of the column of names. */
const subjectWidth = 14;

/**
 * Plain lines on the normal screen.
 *
 * @param columns of the terminal, to wrap lines at words; nothing is wrapped in a pipe
 */
export function createInlineReporter(
	output: Output,
	paint: Paint,
	columns: () => number = () => Number.POSITIVE_INFINITY,
): Reporter {
	const print = (text: string) => {
		output.write(`${text}\n`);
	};
	const printLine = ({subject, text, tone}: Line) => {
		const name = shorten(subject, subjectWidth).padEnd(subjectWidth);
		const room = columns() - subjectWidth - 2;
		const rows = room < 20 || room > text.length ? [text] : wrapText(text, room);
		for (const [index, row] of rows.entries()) {
			const before = index === 0 ? paint('quiet', name) : ' '.repeat(subjectWidth);
			print(`${before}  ${paint(tone, row)}`);
		}
	};

	return {
		event(event, state) {
			if (event.type === 'run-started') {
				printHeader(event.run, state, print, paint);
				return;
			}

			const line = lineOf(event, state);
			if (line) {
				printLine(line);
			}

			if (event.type === 'plan-proposed' && state.plan) {
				for (const text of planLines(state.plan.plan, state)) {
					print(paint('plain', text));
				}
			}

			if (event.type === 'plan-judged') {
				for (const verdict of verdictLines(event.verdicts)) {
					printLine(verdict);
				}
			}

			printFailedCheck(event, print, paint);
		},
		delta: () => undefined,
		async end(report, state) {
			print('');
			for (const text of summaryLines(report, state, Math.min(columns(), 120))) {
				print(text);
			}

			await output.flush();
		},
	};
}

function printHeader(
	run: string,
	state: RunState,
	print: (text: string) => void,
	paint: Paint,
): void {
	const {team, settings, directory} = state;
	const task = typeof state.task === 'string' ? state.task : '(a long task)';
	print(paint('heading', shorten(sanitizeLine(task), 200)));
	print(
		paint(
			'quiet',
			sanitizeLine(
				`run ${run} · team ${team?.name ?? ''} (lead ${team?.lead.provider ?? ''}${modelOf(team?.lead.model)}, ${counted(team?.teammates.length ?? 0, 'teammate')}) · ${directory}`,
			),
		),
	);
	print(
		paint('warning', settings ? `${permissionText(settings)} · approval: ${settings.approve}` : ''),
	);
	print('');
}

function modelOf(model: string | undefined): string {
	return model === undefined || model === '' ? '' : ` ${model}`;
}

/** The last output lines of a failed check. */
function printFailedCheck(event: RunEvent, print: (text: string) => void, paint: Paint): void {
	for (const line of failedCheckOutput(event)) {
		print(paint('quiet', `${' '.repeat(subjectWidth)}  │ ${line}`));
	}
}

/** The last output lines of a failed check, one row each; none for other events. */
export function failedCheckOutput(event: RunEvent): readonly string[] {
	if (event.type !== 'check-finished' || event.passed || typeof event.output !== 'string') {
		return [];
	}

	return checkOutputLines(event.output)
		.slice(-6)
		.map(line => shorten(line, 120));
}
