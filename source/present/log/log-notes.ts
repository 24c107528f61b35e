import type {EventOf, Payload, RunEvent} from '../../core/run-event.ts';
import {emptyRunState} from '../../core/run-state.ts';
import {cutMiddle, shorten} from '../../core/text.ts';
import {holdsDiff} from '../diff-rows.ts';
import {lineOf} from '../event-line.ts';
import type {Note, NoteBody} from './note-block.ts';
import {span, type Row, type Tone} from '../text/row.ts';
import {readLines} from './source-line.ts';
import {plainLine, plainText} from './stream-sanitizer.ts';

/** The text of a payload, where it is known. */
export type Texts = (payload: Payload) => string | undefined;

/**
 * What an event leaves in the log of an agent; nothing for events that only machines need, and for
 * answers and results, which go where they belong. Text of others is sanitized.
 */
export function noteOf(event: RunEvent, texts: Texts): Note | undefined {
	switch (event.type) {
		case 'subtask-started':
			return heading(`subtask ${event.subtask} · attempt ${event.attempt}`);
		case 'planning-started':
			return heading(`plan · revision ${event.revision}`);
		case 'plan-proposed':
			return proposalNote(event);
		case 'tool-call-started':
			return callNote(event);
		case 'check-finished':
			return event.passed
				? said(event, '✓')
				: {
						...line(`✗ ${describe(event)?.text ?? ''}`, 'bad'),
						body: withoutTally(
							bodyOf(event.output, texts, {tone: 'quiet', fold: {keep: 6, side: 'last'}}),
						),
					};
		case 'message-sent':
			return {
				head: [span(plainLine(`${event.from} → ${event.to}`), 'accent')],
				body: bodyOf(event.text, texts, {form: 'words'}),
			};
		case 'merge-finished':
			return line('merged', 'quiet');
		case 'agent-finished':
			return event.reason === 'finished'
				? undefined
				: line(`ends: ${event.reason} (turn ${event.turns})`, 'quiet');
		case 'agent-waiting':
			// The call that failed has said it.
			return event.for === 'retry' || event.for === 'rate-limit' ? undefined : said(event);
		case 'attempt-finished':
		case 'model-call-finished':
			return undefined;
		default:
			return said(event);
	}
}

/** Whose plan it is: the log of the lead tells of the plans of others, too. */
function proposalNote(event: EventOf<'plan-proposed'>): Note | undefined {
	switch (event.origin) {
		case 'fallback':
			return said(event);
		case 'file':
			return line(`you gave the plan: revision ${event.revision}`, 'heading');
		case 'person':
			return line(`you changed the plan: revision ${event.revision}`, 'heading');
		case 'lead':
			return line(`proposes revision ${event.revision} of the plan`, 'heading');
	}
}

/** What came of a tool call: as little as tells how it went. `change` is what an edit replaced. */
export function resultOf(
	event: EventOf<'tool-call-finished'>,
	effect: EventOf<'tool-call-started'>['effect'] | undefined,
	change: string | undefined,
	texts: Texts,
): NoteBody {
	if (!event.ok) {
		return bodyOf(event.result, texts, {tone: 'bad'});
	}

	const body = bodyOf(event.result, texts, {tone: 'quiet'});
	if (change !== undefined) {
		return {...body, ...asDiff, text: `${body.text}\n${plainText(change)}`};
	}

	const lines = effect === 'read' ? readLines(body.text).length : 0;
	return lines > 1 ? {...body, title: `${lines} lines`} : body;
}

/** Characters of one text that are kept. */
const longestBody = 256 * 1024;
/** Characters of a line about an event. */
const longestLine = 600;

const noState = emptyRunState();

const asDiff = {form: 'diff', fold: {keep: 12, side: 'first'}} as const;

function bodyOf(payload: Payload, texts: Texts, how: Partial<NoteBody>): NoteBody {
	const found = typeof payload === 'string' ? payload : texts(payload);
	const known = found ?? `(${sizeOf(payload)}, not at hand)`;
	const text = plainText(cutMiddle(known, longestBody)).trimEnd();
	return {
		text,
		form: 'verbatim',
		tone: 'plain',
		fold: {keep: 3, side: 'first'},
		...how,
		...(holdsDiff(text) ? asDiff : {}),
	};
}

/** Without the counts at the end of a test run, which say nothing of the reason. */
function withoutTally(body: NoteBody): NoteBody {
	const lines = readLines(body.text);
	const last = lines.findLastIndex(
		line => !/^(?:# |ℹ |1\.\.\d|\.\.\.$|duration_ms|\s*$)/.test(line),
	);
	return last === -1 ? body : {...body, text: lines.slice(0, last + 1).join('\n')};
}

function sizeOf(payload: Payload): string {
	return typeof payload === 'string' ? '' : `${Math.ceil(payload.bytes / 1024)} KiB`;
}

function callNote({effect, summary, tool, recovered}: EventOf<'tool-call-started'>): Note {
	const text = plainLine(summary);
	const about = text.startsWith(`${tool} `) ? text.slice(tool.length + 1) : undefined;
	const head: Row =
		effect === 'command' && about !== undefined
			? [span('$ ', 'accent'), span(about)]
			: [span('⚙ ', 'accent'), span(about === undefined ? text : `${verbOf(tool)} ${about}`)];
	const mark = recovered === true ? [span(' (read from its text)', 'quiet')] : [];
	return {head: [...head, ...mark], oneLine: true};
}

/** `read` of `read_file`. */
function verbOf(tool: string): string {
	return plainLine(tool).replace(/_files?$/, '');
}

function heading(text: string): Note {
	return {...line(text, 'heading'), apart: true};
}

function line(text: string, tone: Tone): Note {
	return {head: [span(shorten(plainLine(text), longestLine), tone)]};
}

function said(event: RunEvent, glyph?: string): Note | undefined {
	const found = describe(event);
	return found && line(glyph === undefined ? found.text : `${glyph} ${found.text}`, found.tone);
}

/** In the words of the other reporters; what they add of the state belongs to other events. */
function describe(event: RunEvent): ReturnType<typeof lineOf> {
	return lineOf(event, noState);
}
