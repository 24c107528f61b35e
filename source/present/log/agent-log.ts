import type {EventOf, RunEvent} from '../../core/run-event.ts';
import {readAnswer} from '../answer-text.ts';
import type {ReadPayload} from '../check-rows.ts';
import {createLineRing} from './line-ring.ts';
import type {LogBlock} from './log-block.ts';
import {noteFor, resultBody} from './log-notes.ts';
import {createNoteBlock, type Note, type NoteBlock} from './note-block.ts';
import type {ProseKind} from './prose-block.ts';
import {createProseWriter} from './prose-writer.ts';
import {createMatcher, findRow, type Matcher} from '../text/row-search.ts';
import {span, type Row} from '../text/row.ts';

/**
 * The log of one agent, as lines of a given width: its text, calls and waits. Lines are numbered from
 * the beginning; the oldest are dropped.
 */
export type AgentLog = {
	/** Live model text, in arbitrary chunks. */
	delta(kind: ProseKind, text: string): void;
	/** Adds an event; `texts` returns the text of a payload if it is loaded. */
	event(event: RunEvent, texts: ReadPayload): void;
	/** Lines in memory. */
	readonly length: number;
	/** Lines dropped so far: the number of the first line in memory. */
	readonly dropped: number;
	/** Increases with every visible change. */
	readonly version: number;
	/** Up to `count` lines starting at line `from`. */
	rows(from: number, count: number): readonly Row[];
	/** The full source in memory: not folded, wrapped or styled; tabs are kept. */
	text(): string;
	/** Rewraps everything, in columns (at least 12); lines are renumbered. */
	setWidth(width: number): void;
	/** Folds or unfolds the block of a line; later lines are renumbered. */
	toggle(line: number): void;
	/** Folds or unfolds everything, including future call results. */
	foldAll(folded: boolean): void;
	/**
	 * The number of the next line that contains a text, searching from line `from` (inclusive) and
	 * wrapping around.
	 */
	find(query: string, from: number, direction: 'forward' | 'backward'): number | undefined;
	/** Highlights matches in `rows` with the tone `match`; `undefined` stops it. */
	setQuery(query: string | undefined): void;
};

/**
 * `width` in columns, `capacity` in lines (default: 5,000). The oldest blocks are also dropped above
 * 2 Mi characters of source.
 */
export function createAgentLog(options: {
	readonly width: number;
	readonly capacity?: number;
}): AgentLog {
	const lines = createLineRing<LogBlock>({
		width: columns(options.width),
		capacity: options.capacity ?? 5_000,
		maxSize: 2 * 1024 * 1024,
	});
	const prose = createProseWriter(lines);
	const calls = createCallTracker();
	let version = 0;
	let query: string | undefined;
	let matcher: Matcher | undefined;
	let foldsNotes = true;
	/** Whether the current answer was streamed. */
	let streamed = false;

	const append = (kind: ProseKind, text: string) => {
		const shows = prose.write(kind, text);
		streamed ||= shows && kind === 'text';
		version += shows ? 1 : 0;
	};
	const addNote = (note: Note): NoteBlock => {
		prose.leaveBlock();
		const block = createNoteBlock(lines.end === 0 ? {...note, apart: false} : note, foldsNotes);
		lines.append(block);
		version++;
		return block;
	};
	const settledLines = () => {
		prose.settle();
		return lines;
	};

	return {
		delta: append,
		event(event, texts) {
			if (endsStream.has(event.type)) {
				prose.seal();
			}

			switch (event.type) {
				case 'model-call-finished': {
					const stored = texts(event.answer);
					const answer = stored === undefined ? undefined : readAnswer(stored);
					calls.expect(answer?.changes);
					const text = answer?.text ?? event.said ?? '';
					if (!streamed && text !== '') {
						append('text', text);
						prose.seal();
					}

					streamed = false;
					return;
				}

				case 'tool-call-finished': {
					const block = calls.take(event.call) ?? {block: addNote(unknownCall)};
					block.block.complete(resultBody(event, block.effect, block.change, texts));
					lines.refresh(block.block);
					version++;
					return;
				}

				default: {
					const note = noteFor(event, texts);
					const block = note && addNote(note);
					if (block && event.type === 'tool-call-started') {
						calls.begin(event, block);
					}

					streamed &&= !endsStream.has(event.type);
				}
			}
		},
		get length() {
			const {first, end} = settledLines();
			return end - first;
		},
		get dropped() {
			return settledLines().first;
		},
		get version() {
			return version;
		},
		rows(from, count) {
			const rows = settledLines().rows(from, count);
			return matcher ? rows.map(matcher.mark) : rows;
		},
		text() {
			const texts = lines.blocks().map(block => block.text());
			return [...texts, prose.openText()].join('').replace(/^\n/, '');
		},
		setWidth(width) {
			if (columns(width) !== lines.width) {
				lines.refreshAll(columns(width));
				version++;
			}
		},
		toggle(line) {
			const block = settledLines().blockAt(line);
			if (block) {
				prose.leaveBlock();
				block.fold(!block.folded);
				lines.refresh(block);
				version++;
			}
		},
		foldAll(folded) {
			prose.leaveBlock();
			foldsNotes = folded;
			for (const block of lines.blocks()) {
				block.fold(folded);
			}

			lines.refreshAll(lines.width);
			version++;
		},
		find(wanted, from, direction) {
			const {first, end} = settledLines();
			const {matches} = createMatcher(wanted);
			return findRow(line => lines.rows(line, 1).some(matches), {
				start: first,
				count: end - first,
				from,
				direction,
			});
		},
		setQuery(wanted) {
			if (wanted !== query) {
				query = wanted;
				matcher = wanted === undefined ? undefined : createMatcher(wanted);
				version++;
			}
		},
	};
}

/** Events that end the current text. */
const endsStream: ReadonlySet<RunEvent['type']> = new Set<RunEvent['type']>([
	'model-call-started',
	'model-call-finished',
	'model-call-failed',
	'agent-waiting',
	'subtask-started',
	'attempt-restarted',
	'attempt-finished',
	'attempt-failed',
	'agent-finished',
]);

const unknownCall: Note = {head: [span('⚙ an earlier call', 'quiet')]};

type Call = {
	readonly block: NoteBlock;
	readonly effect?: EventOf<'tool-call-started'>['effect'];
	readonly change?: string | undefined;
};

/** Calls in progress, and the edits announced by the last answer. */
function createCallTracker() {
	const open = new Map<string, Call>();
	let changes: ReadonlyMap<string, string> = new Map();
	return {
		expect(next: ReadonlyMap<string, string> = new Map()) {
			changes = next;
		},
		begin({call, effect}: EventOf<'tool-call-started'>, block: NoteBlock) {
			open.set(call, {block, effect, change: changes.get(call)});
		},
		take(call: string): Call | undefined {
			const found = open.get(call);
			open.delete(call);
			return found;
		},
	};
}

/** Columns, so that a diff under a call fits. */
const minColumns = 12;

function columns(width: number): number {
	return Math.max(minColumns, Math.floor(width));
}
