/*
 * What a terminal would act on: C0 controls except tab and newline, DEL, C1 controls; escape
 * sequences (CSI, OSC, DCS, SOS, PM, APC, and their 8-bit forms), terminated or not. An
 * unterminated string extends to the end of its line, no further. ECMA-48,
 * https://ecma-international.org/publications-and-standards/standards/ecma-48/
 */
const escapeSequence =
	/(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]?|(?:\u001B[\]PX^_]|[\u0090\u0098\u009D-\u009F])(?:[^\u0007\u001B\u0090\u0098\u009C-\u009F]*(?:\u0007|\u001B\\|\u009C)|[^\n\u0007\u001B\u0090\u0098\u009C-\u009F]*)|\u001B[ -/]*[0-~]?/g;
const control = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;

/*
 * What a person cannot see: bidirectional marks and overrides, zero-width characters (except the
 * joiner between emoji, and variation selectors), blank letters, invisible operators, tags, the
 * byte order mark, line and paragraph separators, lone surrogates.
 */
const invisible =
	/(?![\u200D\uFE00-\uFE0F])\p{Default_Ignorable_Code_Point}|[\u2028\u2029\uFFF9-\uFFFB]|(?<!\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]?)\u200D|\u200D(?!\p{Extended_Pictographic})|\p{Surrogate}/gu;

/**
 * Makes text of a model, file, tool or agent safe for a terminal: removes escapes, control,
 * bidirectional and invisible characters. Tabs and newlines stay; `\r\n` becomes `\n`.
 */
export function sanitizeText(text: string): string {
	return text
		.replaceAll('\r\n', '\n')
		.replaceAll(escapeSequence, '')
		.replaceAll(control, '')
		.replaceAll(invisible, '');
}

/** The same on one line: line breaks and tabs become spaces. */
export function sanitizeLine(text: string): string {
	return sanitizeText(text)
		.replaceAll(/[\n\t]+/g, ' ')
		.trim();
}

/**
 * Text for a person to review (a command, a file name): nothing is removed; hidden characters are
 * shown as `\x1b` or `\u{202e}`. Newlines and tabs stay.
 */
export function revealHidden(text: string): string {
	return text
		.replaceAll(control, character => `\\x${code(character, 2)}`)
		.replaceAll(invisible, character => `\\u{${code(character, 4)}}`);
}

/** At most `length` UTF-16 units, ending in `…` if truncated; never splits a surrogate pair. */
export function shorten(text: string, length: number): string {
	if (text.length <= length) {
		return text;
	}

	return `${safePrefix(text, Math.max(0, length - 1))}…`;
}

/**
 * The beginning and end of a long text, together at most `length` UTF-16 units, with a line in
 * between that says how much is missing; never splits a surrogate pair.
 */
export function cutMiddle(text: string, length: number): string {
	if (text.length <= length) {
		return text;
	}

	const half = Math.floor(length / 2);
	const head = safePrefix(text, half);
	const tail = text.slice(text.length - half).replace(/^[\uDC00-\uDFFF]/, '');
	const missing = text.length - head.length - tail.length;
	return `${head}\n… ${missing} characters left out …\n${tail}`;
}

/** The first `length` UTF-16 units, without splitting a surrogate pair. */
function safePrefix(text: string, length: number): string {
	return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

function code(character: string, digits: number): string {
	return (character.codePointAt(0) ?? 0).toString(16).padStart(digits, '0');
}

/** The name of a field or tool without its spelling: models write `fileName`, `file-name`, `File Name`. */
export function normalizedName(name: string): string {
	return name.replaceAll(/[-_ ]/g, '').toLowerCase();
}

/** `1 line`, `2 lines`. */
export function counted(count: number, noun: string): string {
	return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
