import type {ApprovalSubject} from '../core/approval.ts';
import type {RunEvent} from '../core/run-event.ts';
import type {RunState, SubtaskStatus} from '../core/run-state.ts';
import {sanitizeLine} from '../core/text.ts';
import {lineOf} from '../present/event-line.ts';
import type {Tone} from '../present/text/row.ts';
import {statusSign} from '../present/status-sign.ts';
import {createStreamSanitizer} from '../present/log/stream-sanitizer.ts';
import {textWidth} from '../present/text/width.ts';
import {wrapText} from '../present/text/wrap.ts';
import {outputOfRedCheck, type Paint} from './inline.ts';
import type {Output, Reporter} from './reporter.ts';

export type AgentReporterOptions = {
	readonly agent: string;
	readonly paint: Paint;
	/** Columns of what is printed to, as they are now. */
	readonly columns: () => number;
};

/**
 * All that one agent says and does, appended row by row, for a pane beside the others. Give it the
 * events of a run from the first one on.
 */
export function createAgentReporter(
	output: Output,
	{agent, paint, columns}: AgentReporterOptions,
): Reporter {
	const sanitizer = createStreamSanitizer();
	const prose = createProse(columns);
	/** Who worked last on a subtask, as of the last event. */
	const workers = new Map<string, string>();
	let kind: 'text' | 'thinking' = 'text';
	/** Whether the answer under way could be heard. */
	let heard = false;

	const write = (text: string, tone: Tone) => {
		if (text !== '') {
			output.write(text.trim() === '' ? text : paint(tone, text));
		}
	};
	const endText = () => {
		write(prose.end(), proseTones[kind]);
		sanitizer.reset();
	};
	const print = (text: string, tone: Tone, indent = '  ') => {
		endText();
		const rows = wrapText(text, columns() - indent.length);
		rows.forEach((row, index) => {
			output.write(`${paint(tone, index === 0 ? row : indent + row)}\n`);
		});
	};

	return {
		event(event, state) {
			if (event.type === 'subtask-started') {
				workers.set(event.subtask, event.agent);
			}

			if (!concerns(event, agent, {workers, state})) {
				return;
			}

			const wasHeard = heard;
			if (isEdgeOfCall(event)) {
				endText();
				heard = false;
			}

			const line = lineOf(event, state);
			if (line && !(wasHeard && event.type === 'model-call-finished')) {
				print(line.subject === agent ? line.text : `${line.subject}: ${line.text}`, line.tone);
				for (const row of outputOfRedCheck(event)) {
					print(`│ ${row}`, 'quiet', '│ ');
				}
			}
		},
		delta(delta) {
			if (delta.agent !== agent || delta.kind === 'output') {
				return;
			}

			if (delta.kind !== kind) {
				endText();
				kind = delta.kind;
			}

			heard ||= kind === 'text';
			write(prose.push(sanitizer.push(delta.text)), proseTones[kind]);
		},
		async end({outcome, subtasks}) {
			print(`The run is over: ${outcome}`, 'heading');
			for (const {id, status, agent: worker, summary, reason} of subtasks) {
				if (worker === agent) {
					const glyph = statusSign(status as SubtaskStatus, {atRest: true}).sign ?? '?';
					const what = (status === 'completed' ? summary : reason) ?? '';
					print(sanitizeLine(`${glyph} ${id}  ${what}`), 'plain');
				}
			}

			await output.flush();
		},
	};
}

const proseTones = {text: 'plain', thinking: 'quiet'} as const;

/** Text belongs to one call of the model: none goes on after the end of its call. */
function isEdgeOfCall({type}: RunEvent): boolean {
	return (
		type === 'model-call-started' || type === 'model-call-finished' || type === 'model-call-failed'
	);
}

type Context = {readonly workers: ReadonlyMap<string, string>; readonly state: RunState};

/** The agent's own events, those of the subtask that it works on, what is said to it and decided for it. */
function concerns(event: RunEvent, agent: string, context: Context): boolean {
	const {workers, state} = context;
	switch (event.type) {
		case 'message-sent':
			return [event.from, event.to, workers.get(event.to)].includes(agent);
		case 'approval-requested':
			return agent === askerOf(event.subject, context);
		case 'approval-decided': {
			const subject = state.approvals.get(event.approval)?.subject;
			return subject !== undefined && agent === askerOf(subject, context);
		}

		case 'run-resumed':
		case 'run-paused':
		case 'run-unpaused':
			return true;
		case 'planning-started':
		case 'plan-refused':
		case 'plan-proposed':
		case 'revision-requested':
			return agent === state.team?.lead.name;
		default:
			if ('agent' in event && event.agent !== undefined) {
				return event.agent === agent;
			}

			return (
				'subtask' in event && event.subtask !== undefined && workers.get(event.subtask) === agent
			);
	}
}

function askerOf(subject: ApprovalSubject, {workers, state}: Context): string | undefined {
	switch (subject.kind) {
		case 'plan':
			return state.team?.lead.name;
		case 'tool':
			return subject.agent;
		case 'interrupted-command':
			return workers.get(subject.subtask);
	}
}

/** Text that comes in pieces, in rows: words are given when they are whole, or fill a row. */
type Prose = {
	/** What can be printed now. `\r`, `\r\n` and `\n` end a row, a tab is four blanks. */
	push(text: string): string;
	/** What is left, with the end of its row. */
	end(): string;
};

function createProse(columns: () => number): Prose {
	let used = 0;
	let blanks = 0;
	let word = '';
	let endedByReturn = false;

	const endRow = () => {
		used = 0;
		blanks = 0;
		return '\n';
	};
	const endWord = () => {
		if (word === '') {
			return '';
		}

		const width = textWidth(word);
		const goesOn = used === 0 || used + blanks + width <= columns();
		const before = goesOn ? '' : endRow();
		const gap = Math.max(0, Math.min(blanks, columns() - width));
		const text = `${before}${' '.repeat(gap)}${word}`;
		used += gap + width;
		blanks = 0;
		word = '';
		return text;
	};
	/** The full rows of a word that is wider than one; the rest of it waits. */
	const endFullRows = () => {
		if (word.length < columns() && textWidth(word) <= columns()) {
			return '';
		}

		const before = used > 0 ? endRow() : '';
		const rows = wrapText(word, columns());
		word = rows.at(-1) ?? '';
		blanks = 0;
		return (
			before +
			rows
				.slice(0, -1)
				.map(row => `${row}\n`)
				.join('')
		);
	};

	return {
		push(text) {
			let ready = '';
			for (const [token] of text.matchAll(/\r\n?|\n|[ \t]+|[^ \t\r\n]+/g)) {
				const isRest = endedByReturn && token === '\n';
				endedByReturn = token === '\r';
				if (isRest) {
					continue;
				}

				if (/[\r\n]/.test(token)) {
					ready += endWord() + endRow();
				} else if (/[ \t]/.test(token)) {
					ready += endWord();
					blanks += token.replaceAll('\t', '    ').length;
				} else {
					word += token;
					ready += endFullRows();
				}
			}

			return ready;
		},
		end() {
			const rest = endWord();
			endedByReturn = false;
			return used > 0 ? rest + endRow() : rest;
		},
	};
}
