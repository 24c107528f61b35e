export type StreamSanitizer = {
	/** What of the next piece is fit for a terminal; what cannot be told yet comes with a later piece. */
	push(piece: string): string;
	/** Forgets what is open, so that nothing reaches from one text into the next. */
	reset(): void;
};

/**
 * Makes text of others that comes in pieces fit for a terminal, wherever it is cut. Escape sequences,
 * control, bidirectional and invisible characters are removed; `\n`, `\r` and `\t` stay. A sequence
 * without an end takes the rest of its line at most. Joiners and selectors of emoji go as well, because
 * terminals disagree on the width of what they form. Time in proportion to the text, constant memory.
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

/** The same for a text that is there as a whole. */
export function plainText(text: string): string {
	return createStreamSanitizer().push(text);
}

/** The same on one line. */
export function plainLine(text: string): string {
	return plainText(text)
		.replaceAll(/[\n\r\t]+/g, ' ')
		.trim();
}

const ordinary = /^[\n\r\t\u0020-\u007E]*$/;
const hidden = /\p{Default_Ignorable_Code_Point}|[\u2028\u2029\uFFF9-\uFFFB]|\p{Surrogate}/gu;
const control = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g;

/** Where in a sequence of ECMA-48 a text is; see `core/text.ts`. */
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

/** What a control character begins. */
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

/** The state after a character of a sequence; `undefined` when it does not belong to the sequence. */
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
