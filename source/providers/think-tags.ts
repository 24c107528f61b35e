export type Spoken = {readonly thinking: string; readonly text: string};

export type ThinkTags = {
	/** What can be told of the text so far; a part that may be half a tag is held back. */
	push(delta: string): Spoken;
	/** What was held back. */
	flush(): Spoken;
};

/**
 * Takes the thoughts out of an answer of a server that leaves them in its text, as LM Studio does
 * unless told otherwise. Only a tag at the very start counts: text may be about such tags.
 */
export function createThinkTags(): ThinkTags {
	let place: 'start' | 'thinking' | 'text' = 'start';
	let held = '';

	const push = (delta: string): Spoken => {
		held += delta;
		if (place === 'start') {
			const start = held.trimStart();
			if (opening.startsWith(start)) {
				return nothing;
			}

			place = start.startsWith(opening) ? 'thinking' : 'text';
			held = place === 'thinking' ? start.slice(opening.length) : held;
		}

		if (place === 'text') {
			return flush();
		}

		const end = held.indexOf(closing);
		if (end === -1) {
			const thinking = held.slice(0, held.length - halfTagLength(held));
			held = held.slice(thinking.length);
			return {thinking, text: ''};
		}

		place = 'text';
		const thinking = held.slice(0, end);
		const text = held.slice(end + closing.length).trimStart();
		held = '';
		return {thinking, text};
	};

	const flush = (): Spoken => {
		const rest = held;
		held = '';
		return place === 'thinking' ? {thinking: rest, text: ''} : {thinking: '', text: rest};
	};

	return {push, flush};
}

const opening = '<think>';
const closing = '</think>';
const nothing: Spoken = {thinking: '', text: ''};

/** Length of the longest end of a text that a closing tag may begin with. */
function halfTagLength(text: string): number {
	return [7, 6, 5, 4, 3, 2, 1].find(length => text.endsWith(closing.slice(0, length))) ?? 0;
}
