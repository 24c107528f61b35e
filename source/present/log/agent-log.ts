import type {EventOf, RunEvent} from '../../core/run-event.ts';
import {readAnswer} from '../answer-text.ts';
import {createLineRing} from './line-ring.ts';
import type {LogBlock} from './log-block.ts';
import {noteOf, resultOf, type Texts} from './log-notes.ts';
import {createNoteBlock, type Note, type NoteBlock} from './note-block.ts';
import type {ProseKind} from './prose-block.ts';
import {createProseWriter} from './prose-writer.ts';
import {createMatcher, findRow, type Matcher} from '../text/row-search.ts';
import {span, type Row} from '../text/row.ts';

/**
 * The log of one agent: what it says, calls and waits for, as lines of a given width. Lines are
 * numbered from its beginning; the oldest leave.
 */
export type AgentLog = {
	/** Live text of the model, in pieces cut anywhere. */
	delta(kind: ProseKind, text: string): void;
	/** What happened; `texts` gives the text of a payload, where it is known. */
	event(event: RunEvent, texts: Texts): void;
	/** Lines that are held. */
	readonly length: number;
	/** Lines that have left: the number of the first line that is held. */
	readonly dropped: number;
	/** Grows with every change of what can be seen. */
	readonly version: number;
	/** `count` lines from line `from` on, as far as they are held. */
	rows(from: number, count: number): readonly Row[];
	/** All that is held, as it came: nothing folded, wrapped or styled. Tabs are in it. */
	text(): string;
	/** Wraps all that is held anew, in columns; less than 12 are taken as 12. Lines get other numbers. */
	setWidth(width: number): void;
	/** Folds or unfolds what a line belongs to; lines after it get other numbers. */
	toggle(line: number): void;
	/** Folds or unfolds everything, and what comes of calls from now on. */
	foldAll(folded: boolean): void;
	/** The number of the next line that holds a text, from line `from` on (itself too) and around. */
	find(query: string, from: number, direction: 'forward' | 'backward'): number | undefined;
	/** Gives matches in `rows` the tone `match`; `undefined` ends that. */
	setQuery(query: string | undefined): void;
};

/**
 * `width` in columns, `capacity` in lines (default: 5,000). The oldest leave as well when all sources
 * together have over 2 Mi characters.
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
	const calls = createCalls();
	let version = 0;
	let query: string | undefined;
	let matcher: Matcher | undefined;
	let foldsNotes = true;
	/** Whether the model's answer could be heard while it came. */
	let heard = false;

	const say = (kind: ProseKind, text: string) => {
		const shows = prose.write(kind, text);
		heard ||= shows && kind === 'text';
		version += shows ? 1 : 0;
	};
	const tell = (note: Note): NoteBlock => {
		prose.leaveBlock();
		const block = createNoteBlock(lines.end === 0 ? {...note, apart: false} : note, foldsNotes);
		lines.append(block);
		version++;
		return block;
	};
	const settled = () => {
		prose.settle();
		return lines;
	};

	return {
		delta: say,
		event(event, texts) {
			if (endsText.has(event.type)) {
				prose.seal();
			}

			switch (event.type) {
				case 'model-call-finished': {
					const stored = texts(event.answer);
					const answer = stored === undefined ? undefined : readAnswer(stored);
					calls.expect(answer?.changes);
					const text = answer?.text ?? event.said ?? '';
					if (!heard && text !== '') {
						say('text', text);
						prose.seal();
					}

					heard = false;
					return;
				}

				case 'tool-call-finished': {
					const block = calls.take(event.call) ?? {block: tell(lostCall)};
					block.block.complete(resultOf(event, block.effect, block.change, texts));
					lines.refresh(block.block);
					version++;
					return;
				}

				default: {
					const note = noteOf(event, texts);
					const block = note && tell(note);
					if (block && event.type === 'tool-call-started') {
						calls.begin(event, block);
					}

					heard &&= !endsText.has(event.type);
				}
			}
		},
		get length() {
			const {first, end} = settled();
			return end - first;
		},
		get dropped() {
			return settled().first;
		},
		get version() {
			return version;
		},
		rows(from, count) {
			const rows = settled().rows(from, count);
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
			const block = settled().blockAt(line);
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
			const {first, end} = settled();
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

/** Events after which a model does not go on with what it was saying. */
const endsText: ReadonlySet<RunEvent['type']> = new Set<RunEvent['type']>([
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

const lostCall: Note = {head: [span('⚙ an earlier call', 'quiet')]};

type Call = {
	readonly block: NoteBlock;
	readonly effect?: EventOf<'tool-call-started'>['effect'];
	/** What an edit replaces. */
	readonly change?: string | undefined;
};

/** The calls that are under way, and what the last answer tells of its own. */
function createCalls() {
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

/** Columns: a diff under a call needs as many. */
const narrowest = 12;

function columns(width: number): number {
	return Math.max(narrowest, Math.floor(width));
}
