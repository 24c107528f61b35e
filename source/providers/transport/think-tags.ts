export type ThoughtSplit = {
	readonly thinking: string;
	readonly text: string;
	/**
	 * All text returned so far was thinking too: its opening tag was missing. Displayed text cannot
	 * be retracted, but the finished answer must count it as thinking, before this one's.
	 */
	readonly reclassified?: true;
};

export type ThinkTagSplitter = {
	/** Returns what is certain so far; a possible partial tag is held back. */
	push(delta: string): ThoughtSplit;
	/** Returns what was held back. */
	flush(): ThoughtSplit;
};

/**
 * Splits thoughts from text for servers that leave them in the text, as LM Studio does by default.
 * Opening tags count only at the very start and after other thoughts, since text may be about such
 * tags. An unclosed tag makes the rest thinking.
 *
 * Templates that put the opening tag into the prompt leave an unmatched closing tag. The first one
 * makes everything before it thinking, unless it is quoted or follows another tag.
 */
export function createThinkTagSplitter(): ThinkTagSplitter {
	let place: 'start' | 'thinking' | 'text' = 'start';
	let endings: readonly Mark[] = [];
	/** Whether there were tags, so that a closing one is not unmatched. */
	let hadTags = false;
	/** Whether text was returned before. */
	let hadText = false;
	let blanks = '';
	let held = '';
	let last = '';

	/** False if more input is needed to decide. */
	const leaveStart = (isLast: boolean): boolean => {
		const start = held.trimStart();
		blanks += held.slice(0, held.length - start.length);
		held = start;
		const opening = openings.find(({tag}) => start.startsWith(tag));
		if (opening) {
			place = opening.endings ? 'thinking' : 'start';
			endings = opening.endings ?? [];
			hadTags = true;
			held = start.slice(opening.tag.length);
			return true;
		}

		if (!isLast && openings.some(({tag}) => tag.startsWith(start))) {
			return false;
		}

		place = 'text';
		held = hadTags ? start : blanks + start;
		return true;
	};

	const read = (isLast: boolean): ThoughtSplit => {
		let thinking = '';
		let text = '';
		let reclassified = false;
		while (place !== 'start' || leaveStart(isLast)) {
			if (place === 'start') {
				continue;
			}

			const marks = place === 'thinking' ? endings : hadTags ? [] : tagsInText;
			const found = firstOf(marks, held);
			const length = found?.at ?? held.length - (isLast ? 0 : partialTagLength(marks, held));
			const said = held.slice(0, length);
			thinking += place === 'thinking' ? said : '';
			text += place === 'text' ? said : '';
			last = said.at(-1) ?? last;
			held = held.slice(length);
			if (!found) {
				break;
			}

			hadTags = true;
			if (place === 'text' && (found.mark.opens || quotes.has(last))) {
				continue;
			}

			held = held.slice(found.mark.drop);
			thinking += text;
			reclassified ||= place === 'text' && hadText;
			text = '';
			place = 'start';
		}

		hadText ||= text !== '';
		return {thinking, text, ...(reclassified ? {reclassified} : {})};
	};

	return {
		push(delta) {
			held += delta;
			return read(false);
		},
		flush: () => read(true),
	};
}

type Mark = {
	readonly tag: string;
	/** Number of its characters to discard. */
	readonly drop: number;
	readonly opens: boolean;
};

function markOf(tag: string, fields: Partial<Mark> = {}): Mark {
	return {tag, drop: tag.length, opens: false, ...fields};
}

const tags = [
	['<think>', '</think>'],
	['<thinking>', '</thinking>'],
	['<reasoning>', '</reasoning>'],
	['[THINK]', '[/THINK]'],
] as const;

const tagsInText: readonly Mark[] = tags.flatMap(([opening, closing]) => [
	markOf(opening, {opens: true}),
	markOf(closing),
]);

const quotes: ReadonlySet<string> = new Set(['`', '"', "'"]);

/** The analysis of gpt-oss ends, or another message begins; `final` is text. */
const harmonyEndings = [
	markOf('<|end|>'),
	markOf('<|start|>', {drop: 0}),
	markOf('<|channel|>', {drop: 0}),
];

/** https://developers.openai.com/cookbook/articles/openai-harmony */
const harmonyOpenings = ['<|start|>assistant', ''].flatMap(start => [
	{tag: `${start}<|channel|>analysis<|message|>`, endings: harmonyEndings},
	{tag: `${start}<|channel|>final<|message|>`, endings: undefined},
]);

const openings: readonly {
	readonly tag: string;
	readonly endings: readonly Mark[] | undefined;
}[] = [...tags.map(([tag, closing]) => ({tag, endings: [markOf(closing)]})), ...harmonyOpenings];

function firstOf(
	marks: readonly Mark[],
	text: string,
): {readonly at: number; readonly mark: Mark} | undefined {
	return marks
		.map(mark => ({at: text.indexOf(mark.tag), mark}))
		.filter(({at}) => at !== -1)
		.sort((a, b) => a.at - b.at)[0];
}

/** Upper bound on a tag's length, and the characters that tags start with. */
const maxTagLength = 64;
const tagBeginning = /[<[]/;

/** Length of the longest suffix that may be the start of a tag. */
function partialTagLength(marks: readonly Mark[], text: string): number {
	// Most texts contain no such character.
	const end = text.slice(-maxTagLength);
	if (!tagBeginning.test(end)) {
		return 0;
	}

	const lengths = marks.flatMap(({tag}) =>
		Array.from({length: tag.length - 1}, (_, index) => tag.length - 1 - index).filter(length =>
			text.endsWith(tag.slice(0, length)),
		),
	);
	return Math.max(0, ...lengths);
}
