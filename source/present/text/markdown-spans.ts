import {span, type Span, type Tone} from './row.ts';

/**
 * Inline Markdown: `**bold**`, `` `code` `` and links, which become `text (url)`. Everything else is
 * unchanged. Takes linear time.
 */
export function markdownSpans(text: string, tone: Tone = 'plain'): readonly Span[] {
	const spans: Span[] = [];
	let shown = 0;
	let at = 0;
	while (at < text.length) {
		marks.lastIndex = at;
		const mark = marks.exec(text);
		if (!mark) {
			break;
		}

		const found = read(text, mark[0], mark.index, tone);
		at = found?.end ?? mark.index + mark[0].length;
		if (found) {
			spans.push(...plain(text.slice(shown, mark.index), tone), ...found.spans);
			shown = at;
		}
	}

	return [...spans, ...plain(text.slice(shown), tone)];
}

type Found = {readonly spans: readonly Span[]; readonly end: number};

const marks = /`+|\*\*|\[/g;
const link = /\[([^[\]]+)\]\(([^()\s]+)\)/y;

function read(text: string, mark: string, start: number, tone: Tone): Found | undefined {
	switch (mark.charAt(0)) {
		case '`':
			return readCode(text, mark, start);
		case '*':
			return tone === 'heading' ? undefined : readBold(text, start);
		default:
			return readLink(text, start, tone);
	}
}

function readCode(text: string, mark: string, start: number): Found | undefined {
	const from = start + mark.length;
	const to = text.indexOf(mark, from);
	return to === -1
		? undefined
		: {spans: [span(text.slice(from, to), 'accent')], end: to + mark.length};
}

function readBold(text: string, start: number): Found | undefined {
	const from = start + 2;
	const to = text.indexOf('**', from + 1);
	const inside = text.slice(from, to);
	const isPower = /\w/.test(text.charAt(start - 1)) || /\w/.test(text.charAt(to + 2));
	return to === -1 || isPower || inside !== inside.trim()
		? undefined
		: {spans: markdownSpans(inside, 'heading'), end: to + 2};
}

function readLink(text: string, start: number, tone: Tone): Found | undefined {
	link.lastIndex = start;
	const [all = '', label = '', address = ''] = link.exec(text) ?? [];
	return all === ''
		? undefined
		: {
				spans: [...markdownSpans(label, tone), span(` (${address})`, 'quiet')],
				end: start + all.length,
			};
}

function plain(text: string, tone: Tone): readonly Span[] {
	return text === '' ? [] : [span(text, tone)];
}
