export type Spoken = {
	readonly thinking: string;
	readonly text: string;
	/**
	 * All text that was given before this was thinking too: its opening tag was missing. What was shown
	 * cannot be taken back, but the finished answer has to hold it as thinking, before this one's.
	 */
	readonly reclassified?: true;
};

export type ThinkTags = {
	/** What can be told of the text so far; a part that may be half a tag is held back. */
	push(delta: string): Spoken;
	/** What was held back. */
	flush(): Spoken;
};

/**
 * Takes the thoughts out of an answer of a server that leaves them in its text, as LM Studio does
 * unless told otherwise. Opening tags count at the very start and behind other thoughts only, since text
 * may be about such tags. What one opens that never closes is all thinking.
 *
 * Templates that put the opening tag into the prompt leave a closing one alone. The first of these makes
 * everything before it thinking, unless it is quoted or a tag of any kind came before it.
 */
export function createThinkTags(): ThinkTags {
	let place: 'start' | 'thinking' | 'text' = 'start';
	let endings: readonly Mark[] = [];
	/** Whether there were tags, so that a closing one is not alone. */
	let marked = false;
	/** Whether text was told in a part before. */
	let told = false;
	let blanks = '';
	let held = '';
	let last = '';

	/** False when it takes more to know what begins here. */
	const leaveStart = (isLast: boolean): boolean => {
		const start = held.trimStart();
		blanks += held.slice(0, held.length - start.length);
		held = start;
		const opening = openings.find(({tag}) => start.startsWith(tag));
		if (opening) {
			place = opening.endings ? 'thinking' : 'start';
			endings = opening.endings ?? [];
			marked = true;
			held = start.slice(opening.tag.length);
			return true;
		}

		if (!isLast && openings.some(({tag}) => tag.startsWith(start))) {
			return false;
		}

		place = 'text';
		held = marked ? start : blanks + start;
		return true;
	};

	const read = (isLast: boolean): Spoken => {
		let thinking = '';
		let text = '';
		let reclassified = false;
		while (place !== 'start' || leaveStart(isLast)) {
			if (place === 'start') {
				continue;
			}

			const marks = place === 'thinking' ? endings : marked ? [] : tagsInText;
			const found = firstOf(marks, held);
			const length = found?.at ?? held.length - (isLast ? 0 : halfTagLength(marks, held));
			const said = held.slice(0, length);
			thinking += place === 'thinking' ? said : '';
			text += place === 'text' ? said : '';
			last = said.at(-1) ?? last;
			held = held.slice(length);
			if (!found) {
				break;
			}

			marked = true;
			if (place === 'text' && (found.mark.opens || quotes.has(last))) {
				continue;
			}

			held = held.slice(found.mark.drop);
			thinking += text;
			reclassified ||= place === 'text' && told;
			text = '';
			place = 'start';
		}

		told ||= text !== '';
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
	/** How much of it is no part of what follows. */
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

/** Analysis of gpt-oss ends, or another message begins; what is said in `final` is text. */
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

/** Characters that the longest tag has at most, and what every tag begins with. */
const longestTag = 64;
const tagBeginning = /[<[]/;

/** Length of the longest end of a text that one of the tags may begin with. */
function halfTagLength(marks: readonly Mark[], text: string): number {
	// Most texts hold no such sign at all.
	const end = text.slice(-longestTag);
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
