import {parseJson, type Json} from './json.ts';

export type ReadJson = {
	readonly value: Json;
	/** The place behind the value. */
	readonly end: number;
};

/**
 * The value of a text that is JSON but for what small models get wrong, or `undefined`. Mended is only
 * what can be read in one way: trailing commas, raw line breaks in strings, comments, single quotes,
 * names without quotes, Python's `True`, `False` and `None`, backslashes that were not doubled, closing
 * brackets that are missing at the very end. A quotation mark that was not escaped is not mended, nor is
 * a text that stops within a string or behind a comma.
 *
 * @param options.ended whether the model came to its own end, so that missing brackets were forgotten
 * and not cut off
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
 * Reads the value that begins at a place of a text, as `repairJson` does, in linear time.
 *
 * @param isEnd whether brackets that are open at that place may count as closed
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

/** The first place from `at` on that is neither blank nor in a comment. */
export function skipBlank(text: string, at: number): number {
	for (;;) {
		blank.lastIndex = at;
		const start = blank.test(text) ? blank.lastIndex : at;
		const end = text.startsWith('//', start)
			? text.indexOf('\n', start)
			: text.startsWith('/*', start)
				? behind(text, '*/', start + 2)
				: start;
		if (end === start) {
			return start;
		}

		at = end === -1 ? text.length : end;
	}
}

const blank = /\s*/y;
const deepest = 200;

type Reader = {
	readonly text: string;
	readonly isEnd: (at: number) => boolean;
	at: number;
};

function readValue(reader: Reader, depth: number): Json | undefined {
	reader.at = skipBlank(reader.text, reader.at);
	const first = reader.text[reader.at];
	if (depth > deepest) {
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
			return readWord(reader);
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

/** Everything from the opening to the closing bracket; false when it makes no sense. */
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
	let meant = false;
	let lone = false;
	reader.at += 1;
	for (;;) {
		pieces.push(readPattern(reader, plain) ?? '');
		const next = reader.text[reader.at];
		if (next === quote) {
			reader.at += 1;
			// `\b` beside `\d` may be a backspace or a part of an expression.
			return meant && lone ? undefined : pieces.join('');
		}

		const escape = readPattern(reader, /\\(?:u[\dA-Fa-f]{4}|[^u\n])/y);
		if (escape === undefined || (escape === "\\'" && quote === '"')) {
			return undefined;
		}

		const character = escape[1] ?? '';
		const known = character === 'u' ? codeOf(escape) : escapes[character];
		meant ||= known !== undefined && /[a-z]/.test(character);
		lone ||= known === undefined && character !== quote;
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

/** A number, or one of the words. */
function readWord(reader: Reader): Json | undefined {
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

function behind(text: string, mark: string, from: number): number {
	const at = text.indexOf(mark, from);
	return at === -1 ? -1 : at + mark.length;
}
