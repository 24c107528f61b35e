import {totalTokens} from '../core/chat.ts';
import type {EventOf} from '../core/run-event.ts';
import {sanitizeLine, sanitizeText} from '../core/text.ts';
import {checkRows, type ReadPayload} from './check-rows.ts';
import type {Row} from './text/row.ts';
import {clockTime, money, tokens} from './words.ts';
import {textRows} from './text/wrap-row.ts';

/** Failures outside subtasks: model calls and final checks. */
export type RunFailure = EventOf<'model-call-failed' | 'check-finished'>;

/** Details of a failure, in rows of at most `width` columns (20 or more). */
export function failureRows(event: RunFailure, width: number, read: ReadPayload): readonly Row[] {
	return event.type === 'check-finished'
		? [
				...textRows('A final check failed', width, 'heading'),
				...textRows(clockTime(event.time), width, 'quiet'),
				[],
				...checkRows([], [{...event, name: event.check, command: event.check}], width, read),
			]
		: callRows(event, width);
}

function callRows(
	{agent, failure, model, subtask, time, try: tries, usage, usd}: EventOf<'model-call-failed'>,
	width: number,
): readonly Row[] {
	const {hint, kind, message, status} = failure;
	const about = [
		clockTime(time),
		subtask === undefined ? '' : `subtask ${subtask}`,
		model ?? '',
		`try ${tries}`,
		status === undefined ? '' : `HTTP status ${status}`,
	].filter(word => word !== '');
	const next =
		hint === undefined ? [] : [[], ...textRows(sanitizeText(`→ ${hint}`), width, 'accent')];
	const cost = usd === undefined ? 'unpriced' : money(usd);
	const used = usage
		? [[], ...textRows(`Used ${tokens(totalTokens(usage))} tokens, ${cost}.`, width)]
		: [];
	return [
		...textRows(sanitizeLine(`A model call by ${agent} failed: ${kind}`), width, 'heading'),
		...textRows(sanitizeLine(about.join(' · ')), width, 'quiet'),
		[],
		...textRows(sanitizeText(message), width, 'bad'),
		...next,
		...used,
	];
}
