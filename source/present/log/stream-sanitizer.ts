export type StreamSanitizer = {
	/** Returns what is safe to show; an incomplete sequence is held until a later chunk. */
	push(piece: string): string;
	/** Drops an incomplete sequence, so that it cannot affect the next text. */
	reset(): void;
};

/**
 * Sanitizes streamed text for a terminal, wherever it is split. Removes escape sequences and control,
 * bidirectional and invisible characters; keeps `\n`, `\r` and `\t`. An unterminated sequence
 * swallows at most the rest of its line. Emoji joiners and selectors are removed too, because
 * terminals disagree on the width of the result. Takes linear time and constant memory.
 */
export function createStreamSanitizer(): StreamSanitizer {
	let state: State = 'text';
	let half = '';
	return {
		push(piece) {
			if (state === 'text' && half === '' && ordinary.test(piece)) {
				return piece;
			}

			const raw = half + piece;
			half = /[\uD800-\uDBFF]$/.exec(raw)?.[0] ?? '';
			const text = raw.slice(0, raw.length - half.length).replaceAll(hidden, '');
			const read = readText(text, state);
			state = read.state;
			return read.shown;
		},
		reset() {
			state = 'text';
			half = '';
		},
	};
}

/** Sanitizes a complete text. */
export function plainText(text: string): string {
	return createStreamSanitizer().push(text);
}

/** Sanitizes a text into one line. */
export function plainLine(text: string): string {
	return plainText(text)
		.replaceAll(/[\n\r\t]+/g, ' ')
		.trim();
}

const ordinary = /^[\n\r\t\u0020-\u007E]*$/;
const hidden = /\p{Default_Ignorable_Code_Point}|[\u2028\u2029\uFFF9-\uFFFB]|\p{Surrogate}/gu;
const control = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g;

/** Parser state within an ECMA-48 sequence; see `core/text.ts`. */
type State =
	| 'text'
	| 'escape'
	| 'escape-intermediate'
	| 'control-sequence'
	| 'control-sequence-intermediate'
	| 'string';

function readText(text: string, before: State): {readonly shown: string; readonly state: State} {
	let state = before;
	let shown = '';
	let at = 0;
	while (at < text.length) {
		if (state === 'text') {
			control.lastIndex = at;
			const found = control.exec(text);
			const end = found?.index ?? text.length;
			shown += text.slice(at, end);
			state = found ? opened(found[0]) : state;
			at = end + 1;
			continue;
		}

		const next = follow(state, text.charAt(at));
		state = next ?? 'text';
		at += next === undefined ? 0 : 1;
	}

	return {shown, state};
}

/** The state that a control character starts. */
function opened(character: string): State {
	switch (character) {
		case '\u001B':
			return 'escape';
		case '\u009B':
			return 'control-sequence';
		case '\u0090':
		case '\u0098':
		case '\u009D':
		case '\u009E':
		case '\u009F':
			return 'string';
		default:
			return 'text';
	}
}

/** The state after a character of a sequence; `undefined` when the character is not part of it. */
function follow(state: Exclude<State, 'text'>, character: string): State | undefined {
	switch (state) {
		case 'escape':
			if (character === '[') {
				return 'control-sequence';
			}

			return /[\]PX^_]/.test(character) ? 'string' : follow('escape-intermediate', character);
		case 'escape-intermediate':
			return ending(character, /[0-~]/, 'escape-intermediate');
		case 'control-sequence':
			return /[0-?]/.test(character)
				? 'control-sequence'
				: follow('control-sequence-intermediate', character);
		case 'control-sequence-intermediate':
			return ending(character, /[@-~]/, 'control-sequence-intermediate');
		case 'string':
			if (character === '\u0007' || character === '\u009C') {
				return 'text';
			}

			return /[\n\u001B\u0090\u0098\u009D-\u009F]/.test(character) ? undefined : 'string';
	}
}

function ending(character: string, last: RegExp, intermediate: State): State | undefined {
	if (/[ -/]/.test(character)) {
		return intermediate;
	}

	return last.test(character) ? 'text' : undefined;
}
