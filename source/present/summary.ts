import type {RunReport, TokenCount} from '../core/run-report.ts';
import type {RunState, SubtaskStatus} from '../core/run-state.ts';
import {sanitizeLine} from '../core/text.ts';
import {cutToWidth, textWidth} from './width.ts';
import {atLeast, counted, duration, money, statusGlyphs, tokens} from './words.ts';
import {wrapText} from './wrap.ts';

/** Columns of a summary, where nothing is known of the terminal. */
const usualColumns = 100;

/**
 * The end of a run for a person: what was done and by whom, checks, what was refused, files, tokens of
 * each agent, time and cost, and how to take it back.
 */
export function summaryLines(
	report: RunReport,
	state: RunState,
	columns = usualColumns,
): readonly string[] {
	const width = Math.max(40, columns);
	return [
		...subtaskLines(report, width),
		...report.checks.map(({name, passed}) => `${passed ? '✓' : '✗'} ${name} (the whole)`),
		...report.denied.map(({what, by}) => `not allowed (${by}): ${what}`),
		...labelled('changed', deliveredText(report.delivered, state), width),
		...labelled('by', agentsText(report), width),
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

/** One subtask a line, in columns; at most two rows of what came of it. */
function subtaskLines({subtasks}: RunReport, width: number): readonly string[] {
	const rows = subtasks.map(({id, status, attempts, agent, summary, reason}) => ({
		glyph: statusGlyphs[status as SubtaskStatus] ?? '?',
		id,
		who: agent === undefined ? '' : `${agent}${attempts > 1 ? `, ${attempts} attempts` : ''}`,
		what: sanitizeLine((status === 'completed' ? summary : reason) ?? ''),
	}));
	const idWidth = Math.min(24, Math.max(0, ...rows.map(({id}) => id.length)));
	const whoWidth = Math.min(28, Math.max(0, ...rows.map(({who}) => textWidth(sanitizeLine(who)))));
	return rows.flatMap(({glyph, id, who, what}) => {
		const head = `${glyph} ${pad(id, idWidth)}  ${pad(who, whoWidth)}  `;
		const room = Math.max(20, width - 2 - textWidth(head));
		const [first = '', ...more] = wrapText(what, room);
		const second = more.length > 0 ? [cutToWidth(more.join(' '), room)] : [];
		return [`${head}${first}`, ...second.map(line => `${' '.repeat(textWidth(head))}${line}`)];
	});
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

function spentText(report: RunReport): string {
	const {usage, activeMs} = report;
	return `${duration(activeMs)}, ${counted(usage.total.calls, 'model call')}, ${tokens(usage.total.total)} tokens, ${costOf(report)}`;
}

/** Who used how much, the most first. */
function agentsText({usage}: RunReport): string | undefined {
	const agents = Object.entries(usage.agents).filter(([, {total}]) => total > 0);
	return agents.length < 2
		? undefined
		: agents
				.toSorted(([, a], [, b]) => b.total - a.total)
				.map(([name, count]) => `${name} ${tokens(count.total)}${costOfAgent(count)}`)
				.join(' · ');
}

function undoText({delivery, run}: RunState): string | undefined {
	return delivery?.done === true &&
		delivery.mode === 'apply' &&
		!delivery.undone &&
		delivery.files.length > 0
		? `llm-orchestrator undo ${run}`
		: undefined;
}

function costOf({cost, usage}: RunReport): string {
	if (usage.total.calls === 0) {
		return 'no cost';
	}

	if (Object.keys(usage.models).every(model => model === 'scripted')) {
		return 'no cost (the model is a script)';
	}

	if (cost.usd === null) {
		return 'cost unpriced';
	}

	return cost.unpricedCalls === 0
		? money(cost.usd)
		: `at least ${money(cost.usd)} (${counted(cost.unpricedCalls, 'call')} unpriced)`;
}

function costOfAgent(count: TokenCount): string {
	return count.usd === 0 ? '' : ` ${atLeast(count)}`;
}

function deliveredText(delivered: RunReport['delivered'], state: RunState): string {
	if (!delivered) {
		return 'nothing was written into the directory';
	}

	const {files, mode, target} = delivered;
	const why = state.delivery?.reason === undefined ? '' : ` (${state.delivery.reason})`;
	switch (mode) {
		case 'branch':
			return `branch ${target ?? ''}${why}; take it: git merge ${target ?? ''}`;
		case 'patch':
			return `patch ${target ?? ''}${why}; take it: git apply ${target ?? ''}`;
		default: {
			const counts = lineCounts(state);
			const list = files.slice(0, 8).map(file => `${file}${counts.get(file) ?? ''}`);
			const more = files.length > 8 ? ` and ${files.length - 8} more` : '';
			return files.length === 0
				? 'no file'
				: `${list.join(', ')}${more}${state.directory === '' ? '' : ` in ${state.directory}`}`;
		}
	}
}

/** Lines that the merged changes added and removed, by file: ` +3 −1`. */
function lineCounts({subtasks}: RunState): ReadonlyMap<string, string> {
	const sums = new Map<string, {added: number; removed: number}>();
	for (const {finished} of subtasks.values()) {
		for (const {path, added, removed} of finished?.merged === true
			? (finished.change?.files ?? [])
			: []) {
			const before = sums.get(path) ?? {added: 0, removed: 0};
			sums.set(path, {added: before.added + added, removed: before.removed + removed});
		}
	}

	return new Map([...sums].map(([path, {added, removed}]) => [path, ` +${added} −${removed}`]));
}
