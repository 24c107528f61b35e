/*
 * What a terminal would act on: C0 controls but tab and newline, DEL, C1 controls; escape sequences
 * (CSI, OSC, DCS, SOS, PM, APC, and their 8-bit forms), ended or not. ECMA-48,
 * https://ecma-international.org/publications-and-standards/standards/ecma-48/
 */
const escapeSequence =
	/(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]?|(?:\u001B[\]PX^_]|[\u0090\u0098\u009D-\u009F])[^\u0007\u001B\u009C]*(?:\u0007|\u001B\\|\u009C)?|\u001B[ -/]*[0-~]?/g;
const control = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;

/*
 * What a person cannot see: bidirectional marks and overrides, zero-width characters (but the joiner
 * between emoji), invisible operators, tags, the byte order mark, lone surrogates.
 */
const invisible =
	/[\u061C\u200B\u200C\u200E\u200F\u2028-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E0FFF}]|(?<!\p{Extended_Pictographic}\uFE0F?)\u200D|\u200D(?!\p{Extended_Pictographic})|\p{Surrogate}/gu;

/**
 * Text of a model, file, tool or agent, fit for a terminal: escapes, control, bidirectional and
 * invisible characters are removed. Tabs and newlines stay; `\r\n` becomes `\n`.
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
 * Text that a person has to judge (a command, a file name): nothing is removed, what could hide is
 * shown as `\x1b` or `\u{202e}`. Newlines and tabs stay as they are.
 */
export function revealHidden(text: string): string {
	return text
		.replaceAll(control, character => `\\x${code(character, 2)}`)
		.replaceAll(invisible, character => `\\u{${code(character, 4)}}`);
}

/** At most `length` UTF-16 units, ended by `…` when something was cut; no character is halved. */
export function shorten(text: string, length: number): string {
	if (text.length <= length) {
		return text;
	}

	const cut = text.slice(0, Math.max(0, length - 1));
	return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** The first and the last part of a long text, with a line in between that says what is missing. */
export function cutMiddle(text: string, length: number): string {
	if (text.length <= length) {
		return text;
	}

	const half = Math.floor(length / 2);
	return `${text.slice(0, half)}\n… ${text.length - 2 * half} characters left out …\n${text.slice(-half)}`;
}

function code(character: string, digits: number): string {
	return (character.codePointAt(0) ?? 0).toString(16).padStart(digits, '0');
}
