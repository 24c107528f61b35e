/** A sanitized source line without its newline; tabs are kept. */
export type SourceLine = {
	readonly text: string;
	/** Whether it continues the previous line, which was too long to keep as one. */
	readonly continued: boolean;
};

export type LineReader = {
	push(text: string): void;
	/** The unfinished line. */
	open(): SourceLine;
	/** Ends the open line, if there is one. */
	end(): void;
};

/** Characters after which an unfinished line is emitted in pieces. */
const maxLineLength = 4 * 1024;

/**
 * Splits streamed sanitized text into lines. `\r` restarts the line, as a terminal shows it; `\r\n`
 * ends it. Lines of more than `limit` + 1 characters are emitted in pieces, cut at a space if one is
 * near. Takes linear time.
 */
export function createLineReader(
	complete: (line: SourceLine) => void,
	limit: number = maxLineLength,
): LineReader {
	let text = '';
	let continued = false;
	let returned = false;

	const next = (follows: boolean, rest = '') => {
		text = rest;
		continued = follows;
		returned = false;
	};
	const add = (piece: string) => {
		if (returned) {
			next(false);
		}

		text += piece;
		// The character after the cut must be complete, and it may be a surrogate pair.
		while (text.length > limit + 1) {
			const position = cutPosition(text, limit);
			complete({text: detached(text.slice(0, position)), continued});
			next(true, text.slice(position));
		}
	};
	const end = () => {
		complete({text: detached(text), continued});
		next(false);
	};

	return {
		push(added) {
			for (const [piece] of added.matchAll(/\n|\r|[^\n\r]+/g)) {
				if (piece === '\n') {
					end();
				} else if (piece === '\r') {
					returned = true;
				} else {
					add(piece);
				}
			}
		},
		open: () => ({text, continued}),
		end() {
			if (text !== '') {
				end();
			}

			next(false);
		},
	};
}

/** The complete lines of a sanitized text; none for an empty text, none after the last `\n`. */
export function readLines(text: string): readonly string[] {
	const lines: string[] = [];
	const reader = createLineReader(line => lines.push(line.text), Number.POSITIVE_INFINITY);
	reader.push(text);
	reader.end();
	return lines;
}

function cutPosition(text: string, limit: number): number {
	const blank = text.lastIndexOf(' ', limit - 1);
	if (blank >= limit * 0.75) {
		return blank + 1;
	}

	let position = limit;
	while (position > limit / 2 && splitsCharacter(text, position)) {
		position--;
	}

	return position;
}

/** Whether a cut here would split a character or its combining marks. */
function splitsCharacter(text: string, position: number): boolean {
	return /^(?:[\uDC00-\uDFFF]|\p{M})/u.test(text.slice(position, position + 2));
}

/** A copy: a substring keeps the whole string in memory. */
function detached(text: string): string {
	return ` ${text}`.slice(1);
}
