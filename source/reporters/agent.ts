import type {ApprovalSubject} from '../core/approval.ts';
import type {RunEvent} from '../core/run-event.ts';
import type {RunState} from '../core/run-state.ts';
import type {SubtaskStatus} from '../core/run-state-entries.ts';
import {sanitizeLine} from '../core/text.ts';
import {lineOf} from '../present/event-line.ts';
import type {Tone} from '../present/text/row.ts';
import {statusSign} from '../present/status-sign.ts';
import {createStreamSanitizer} from '../present/log/stream-sanitizer.ts';
import {textWidth} from '../present/text/width.ts';
import {wrapText} from '../present/text/wrap.ts';
import {failedCheckOutput, type Paint} from './inline.ts';
import type {Output, Reporter} from './reporter.ts';

export type AgentReporterOptions = {
	readonly agent: string;
	readonly paint: Paint;
	/** Current columns of the output. */
	readonly columns: () => number;
};

/**
 * Everything that one agent says and does, row by row, for a pane of its own. Needs the events of a
 * run from the first one.
 */
export function createAgentReporter(
	output: Output,
	{agent, paint, columns}: AgentReporterOptions,
): Reporter {
	const sanitizer = createStreamSanitizer();
	const prose = createProse(columns);
	/** The last agent of each subtask. */
	const workers = new Map<string, string>();
	let kind: 'text' | 'thinking' = 'text';
	/** Whether the current answer was streamed. */
	let streamed = false;

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

			const wasStreamed = streamed;
			if (isCallBoundary(event)) {
				endText();
				streamed = false;
			}

			const line = lineOf(event, state);
			if (line && !(wasStreamed && event.type === 'model-call-finished')) {
				print(line.subject === agent ? line.text : `${line.subject}: ${line.text}`, line.tone);
				for (const row of failedCheckOutput(event)) {
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

			streamed ||= kind === 'text';
			write(prose.push(sanitizer.push(delta.text)), proseTones[kind]);
		},
		async end({outcome, subtasks}) {
			print(`Run ended: ${outcome}`, 'heading');
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

/** Text never continues past the end of its model call. */
function isCallBoundary({type}: RunEvent): boolean {
	return (
		type === 'model-call-started' || type === 'model-call-finished' || type === 'model-call-failed'
	);
}

type Context = {readonly workers: ReadonlyMap<string, string>; readonly state: RunState};

/** Whether an event is the agent's own, concerns its subtask, or is a message or decision for it. */
function concerns(event: RunEvent, agent: string, context: Context): boolean {
	const {workers, state} = context;
	switch (event.type) {
		case 'message-sent':
			return [event.from, event.to, workers.get(event.to)].includes(agent);
		case 'approval-requested':
			return agent === requesterOf(event.subject, context);
		case 'approval-decided': {
			const subject = state.approvals.get(event.approval)?.subject;
			return subject !== undefined && agent === requesterOf(subject, context);
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

function requesterOf(subject: ApprovalSubject, {workers, state}: Context): string | undefined {
	switch (subject.kind) {
		case 'plan':
			return state.team?.lead.name;
		case 'tool':
			return subject.agent;
		case 'interrupted-command':
			return workers.get(subject.subtask);
	}
}

/** Wraps streamed text: a word is emitted when it is complete or fills a row. */
type Prose = {
	/** Returns what can be printed now. `\r`, `\r\n` and `\n` end a row; a tab is four spaces. */
	push(text: string): string;
	/** Returns the rest, with the end of its row. */
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
	/** Emits the full rows of a word wider than a row; the rest waits. */
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
