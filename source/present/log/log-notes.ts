import type {EventOf, RunEvent} from '../../core/run-event.ts';
import type {Payload} from '../../core/payload.ts';
import {emptyRunState} from '../../core/run-state.ts';
import {cutMiddle, shorten} from '../../core/text.ts';
import type {ReadPayload} from '../check-rows.ts';
import {containsDiff} from '../diff-rows.ts';
import {lineOf} from '../event-line.ts';
import type {Note, NoteBody} from './note-block.ts';
import {span, type Row, type Tone} from '../text/row.ts';
import {readLines} from './source-line.ts';
import {plainLine, plainText} from './stream-sanitizer.ts';

/**
 * The note for an event in an agent's log. None for internal events, and none for answers and
 * results, which are added to their own blocks. Foreign text is sanitized.
 */
export function noteFor(event: RunEvent, texts: ReadPayload): Note | undefined {
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
				? eventNote(event, '✓')
				: {
						...line(`✗ ${describe(event)?.text ?? ''}`, 'bad'),
						body: withoutTestSummary(
							bodyOf(event.output, texts, {tone: 'quiet', fold: {keep: 6, side: 'last'}}),
						),
					};
		case 'message-sent':
			return {
				head: [
					span(
						plainLine(`${event.from === 'person' ? 'you' : event.from} → ${event.to}`),
						'accent',
					),
				],
				body: bodyOf(event.text, texts, {form: 'words'}),
			};
		case 'merge-finished':
			return line('merged', 'quiet');
		case 'agent-finished':
			return event.reason === 'finished'
				? undefined
				: line(`ended: ${event.reason} (turn ${event.turns})`, 'quiet');
		case 'agent-waiting':
			// The failed call has a line already.
			return event.for === 'retry' || event.for === 'rate-limit' ? undefined : eventNote(event);
		case 'attempt-finished':
		case 'model-call-finished':
			return undefined;
		default:
			return eventNote(event);
	}
}

/** Names the author: the lead's log also shows plans of others. */
function proposalNote(event: EventOf<'plan-proposed'>): Note | undefined {
	switch (event.origin) {
		case 'fallback':
			return eventNote(event);
		case 'file':
			return line(`you provided the plan: revision ${event.revision}`, 'heading');
		case 'person':
			return line(`you edited the plan: revision ${event.revision}`, 'heading');
		case 'lead':
			return line(`proposed revision ${event.revision} of the plan`, 'heading');
	}
}

/** The result of a tool call, as short as possible. `change` is what an edit replaced. */
export function resultBody(
	event: EventOf<'tool-call-finished'>,
	effect: EventOf<'tool-call-started'>['effect'] | undefined,
	change: string | undefined,
	texts: ReadPayload,
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

/** In characters. */
const maxBodyLength = 256 * 1024;
/** In characters. */
const maxLineLength = 600;

const emptyState = emptyRunState();

const asDiff = {form: 'diff', fold: {keep: 12, side: 'first'}} as const;

function bodyOf(payload: Payload, texts: ReadPayload, how: Partial<NoteBody>): NoteBody {
	const found = typeof payload === 'string' ? payload : texts(payload);
	const known = found ?? `(${sizeOf(payload)}, not loaded)`;
	const text = plainText(cutMiddle(known, maxBodyLength)).trimEnd();
	return {
		text,
		form: 'verbatim',
		tone: 'plain',
		fold: {keep: 3, side: 'first'},
		...how,
		...(containsDiff(text) ? asDiff : {}),
	};
}

/** Without the counts at the end of a test run, which do not explain a failure. */
function withoutTestSummary(body: NoteBody): NoteBody {
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
			: [span('⚙ ', 'accent'), span(about === undefined ? text : `${plainLine(tool)} ${about}`)];
	const mark = recovered === true ? [span(' (parsed from text)', 'quiet')] : [];
	return {head: [...head, ...mark], oneLine: true};
}

function heading(text: string): Note {
	return {...line(text, 'heading'), apart: true};
}

function line(text: string, tone: Tone): Note {
	return {head: [span(shorten(plainLine(text), maxLineLength), tone)]};
}

function eventNote(event: RunEvent, glyph?: string): Note | undefined {
	const found = describe(event);
	return found && line(glyph === undefined ? found.text : `${glyph} ${found.text}`, found.tone);
}

/** The line of the other reporters; state is not needed for events of an agent. */
function describe(event: RunEvent): ReturnType<typeof lineOf> {
	return lineOf(event, emptyState);
}
