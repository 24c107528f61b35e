import {parseJson, type Json} from './json.ts';

export type ReadJson = {
	readonly value: Json;
	/** Index after the value. */
	readonly end: number;
};

/**
 * Parses JSON with the mistakes that small models make, or returns `undefined`. Only unambiguous
 * mistakes are repaired: trailing commas, raw line breaks in strings, comments, single quotes,
 * unquoted names, Python's `True`, `False` and `None`, backslashes that were not doubled, missing
 * closing brackets at the very end. Not repaired: an unescaped quotation mark, and a text that
 * stops within a string or after a comma.
 *
 * @param options.ended whether the model finished its output, so that missing brackets were
 *   forgotten rather than cut off
 */
export function repairJson(text: string, {ended}: {readonly ended: boolean}): Json | undefined {
	const value = parseJson(text);
	if (value !== undefined) {
		return value;
	}

	const read = readJson(text, 0, at => ended && at === text.length);
	return read && skipBlank(text, read.end) === text.length ? read.value : undefined;
}

/**
 * Reads the value at an index of a text, as `repairJson` does, in linear time.
 *
 * @param isEnd whether open brackets at an index count as closed
 */
export function readJson(
	text: string,
	from: number,
	isEnd: (at: number) => boolean,
): ReadJson | undefined {
	const reader: Reader = {text, isEnd, at: from};
	const value = readValue(reader, 0);
	return value === undefined ? undefined : {value, end: reader.at};
}

/** The first index from `at` on that is neither white space nor in a comment. */
function skipBlank(text: string, at: number): number {
	for (;;) {
		blank.lastIndex = at;
		const start = blank.test(text) ? blank.lastIndex : at;
		const end = text.startsWith('//', start)
			? text.indexOf('\n', start)
			: text.startsWith('/*', start)
				? indexAfter(text, '*/', start + 2)
				: start;
		if (end === start) {
			return start;
		}

		at = end === -1 ? text.length : end;
	}
}

const blank = /\s*/y;
const maxDepth = 200;

type Reader = {
	readonly text: string;
	readonly isEnd: (at: number) => boolean;
	at: number;
};

function readValue(reader: Reader, depth: number): Json | undefined {
	reader.at = skipBlank(reader.text, reader.at);
	const first = reader.text[reader.at];
	if (depth > maxDepth) {
		return undefined;
	}

	switch (first) {
		case '{':
			return readObject(reader, depth + 1);
		case '[':
			return readList(reader, depth + 1);
		case '"':
		case "'":
			return readString(reader, first);
		default:
			return readLiteral(reader);
	}
}

function readObject(reader: Reader, depth: number): Json | undefined {
	const fields: [string, Json][] = [];
	const closed = readEntries(reader, '}', () => {
		const name = readName(reader);
		if (name === undefined || !take(reader, ':')) {
			return false;
		}

		const value = readValue(reader, depth);
		fields.push([name, value ?? null]);
		return value !== undefined;
	});
	return closed ? Object.fromEntries(fields) : undefined;
}

function readList(reader: Reader, depth: number): Json | undefined {
	const items: Json[] = [];
	const closed = readEntries(reader, ']', () => {
		const value = readValue(reader, depth);
		items.push(value ?? null);
		return value !== undefined;
	});
	return closed ? items : undefined;
}

/** Reads everything from the opening to the closing bracket; false if malformed. */
function readEntries(reader: Reader, closing: string, readEntry: () => boolean): boolean {
	reader.at += 1;
	if (take(reader, closing)) {
		return true;
	}

	for (;;) {
		if (!readEntry()) {
			return false;
		}

		const comma = take(reader, ',');
		if (take(reader, closing)) {
			return true;
		}

		if (!comma) {
			return reader.isEnd(reader.at);
		}
	}
}

function readName(reader: Reader): string | undefined {
	reader.at = skipBlank(reader.text, reader.at);
	const first = reader.text[reader.at];
	return first === '"' || first === "'"
		? readString(reader, first)
		: readPattern(reader, /[A-Za-z_$][\w$]*/y);
}

function readString(reader: Reader, quote: '"' | "'"): string | undefined {
	const plain = quote === '"' ? /[^"\\]*/y : /[^'\\]*/y;
	const pieces: string[] = [];
	let hasKnownEscape = false;
	let hasUnknownEscape = false;
	reader.at += 1;
	for (;;) {
		pieces.push(readPattern(reader, plain) ?? '');
		const next = reader.text[reader.at];
		if (next === quote) {
			reader.at += 1;
			// `\b` next to `\d` may be a backspace or part of a regular expression.
			return hasKnownEscape && hasUnknownEscape ? undefined : pieces.join('');
		}

		const escape = readPattern(reader, /\\(?:u[\dA-Fa-f]{4}|[^u\n])/y);
		if (escape === undefined || (escape === "\\'" && quote === '"')) {
			return undefined;
		}

		const character = escape[1] ?? '';
		const known = character === 'u' ? codeOf(escape) : escapes[character];
		hasKnownEscape ||= known !== undefined && /[a-z]/.test(character);
		hasUnknownEscape ||= known === undefined && character !== quote;
		pieces.push(known ?? (character === quote ? quote : escape));
	}
}

const escapes: Readonly<Record<string, string>> = {
	'"': '"',
	'\\': '\\',
	'/': '/',
	b: '\b',
	f: '\f',
	n: '\n',
	r: '\r',
	t: '\t',
};

function codeOf(escape: string): string {
	return String.fromCharCode(Number.parseInt(escape.slice(2), 16));
}

/** A number or a literal. */
function readLiteral(reader: Reader): Json | undefined {
	const word = readPattern(
		reader,
		/(?:true|false|null|True|False|None|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y,
	);
	return word === undefined ? undefined : parseJson(pythonWords[word] ?? word);
}

const pythonWords: Readonly<Record<string, string>> = {True: 'true', False: 'false', None: 'null'};

function readPattern(reader: Reader, pattern: RegExp): string | undefined {
	pattern.lastIndex = reader.at;
	const found = pattern.exec(reader.text)?.[0];
	reader.at += found?.length ?? 0;
	return found;
}

function take(reader: Reader, mark: string): boolean {
	reader.at = skipBlank(reader.text, reader.at);
	const found = reader.text[reader.at] === mark;
	reader.at += found ? 1 : 0;
	return found;
}

function indexAfter(text: string, mark: string, from: number): number {
	const at = text.indexOf(mark, from);
	return at === -1 ? -1 : at + mark.length;
}
