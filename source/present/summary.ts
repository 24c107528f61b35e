import type {RunReport} from '../core/run-report.ts';
import type {RunState, SubtaskStatus} from '../core/run-state.ts';
import {sanitizeLine, shorten} from '../core/text.ts';
import {counted, duration, statusGlyphs, tokens} from './words.ts';

/** What was done, by whom, checks, files, time and cost: the end of a run for a person. */
export function summaryLines(report: RunReport, state: RunState): readonly string[] {
	const {subtasks, checks, delivered, usage, activeMs, denied} = report;
	const width = Math.max(0, ...subtasks.map(({id}) => id.length));
	const lines = [
		...subtasks.map(({id, status, attempts, agent, summary, reason}) => {
			const glyph = statusGlyphs[status as SubtaskStatus] ?? '?';
			const who = agent === undefined ? '' : `  ${agent}`;
			const tries = attempts > 1 ? `, ${attempts} attempts` : '';
			const what = shorten(sanitizeLine((status === 'completed' ? summary : reason) ?? ''), 100);
			return `${glyph} ${id.padEnd(width)}${who}${tries}  ${what}`;
		}),
		...checks.map(({name, passed}) => `${passed ? '✓' : '✗'} ${name} (the whole)`),
		...denied.map(({what, by}) => `not allowed (${by}): ${what}`),
		...deliveredLines(delivered, state),
		`${duration(activeMs)}, ${counted(usage.total.calls, 'model call')}, ${tokens(usage.total.total)} tokens, ${costOf(report)}`,
	];
	return lines.map(line => `  ${sanitizeLine(line)}`);
}

/** The last line on standard error: what happened, why, and the next command to type. */
export function lastLine(report: RunReport): string {
	const {outcome, reason, next} = report;
	return sanitizeLine(`${outcome}: ${reason}${next === undefined ? '' : ` → ${next}`}`);
}

function costOf({cost, usage}: RunReport): string {
	if (usage.total.calls === 0) {
		return 'no cost';
	}

	if (Object.keys(usage.models).every(model => model === 'scripted')) {
		return 'no cost (the model is a script)';
	}

	return cost.usd === null ? 'cost unpriced' : `$${cost.usd.toFixed(2)}`;
}

function deliveredLines(delivered: RunReport['delivered'], state: RunState): readonly string[] {
	if (!delivered) {
		return ['nothing was written into the directory'];
	}

	const {files, mode, target} = delivered;
	const list = files.slice(0, 8).join(', ');
	const more = files.length > 8 ? ` and ${files.length - 8} more` : '';
	const why = state.delivery?.reason === undefined ? '' : ` (${state.delivery.reason})`;
	switch (mode) {
		case 'branch':
			return [`branch ${target ?? ''}${why}; take it: git merge ${target ?? ''}`];
		case 'patch':
			return [`patch ${target ?? ''}${why}; take it: git apply ${target ?? ''}`];
		default:
			return [files.length === 0 ? 'no file changed' : `changed: ${list}${more}`];
	}
}
