/** A line as it came, sanitized, without its end. Tabs are in it. */
export type SourceLine = {
	readonly text: string;
	/** Whether it goes on with the line before, which was too long to be kept as one. */
	readonly continued: boolean;
};

export type LineReader = {
	push(text: string): void;
	/** The line that has no end yet. */
	open(): SourceLine;
	/** Completes the open line, if there is one. */
	end(): void;
};

/** Characters after which a line without an end is given away in a piece. */
const longestLine = 4 * 1024;

/**
 * Makes lines of sanitized text that comes in pieces, wherever it is cut. A `\r` begins the line anew,
 * as a terminal shows it; `\r\n` ends it. Lines of more than `limit` + 1 characters come in pieces, cut at a
 * blank where one is near. Time in proportion to the text.
 */
export function createLineReader(
	complete: (line: SourceLine) => void,
	limit: number = longestLine,
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
		// The character behind a cut has to be there whole, and it may have two halves.
		while (text.length > limit + 1) {
			const place = cutPlace(text, limit);
			complete({text: detached(text.slice(0, place)), continued});
			next(true, text.slice(place));
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

/** The lines of a sanitized text, each whole; none for an empty text, none after its last `\n`. */
export function readLines(text: string): readonly string[] {
	const lines: string[] = [];
	const reader = createLineReader(line => lines.push(line.text), Number.POSITIVE_INFINITY);
	reader.push(text);
	reader.end();
	return lines;
}

function cutPlace(text: string, limit: number): number {
	const blank = text.lastIndexOf(' ', limit - 1);
	if (blank >= limit * 0.75) {
		return blank + 1;
	}

	let place = limit;
	while (place > limit / 2 && isInside(text, place)) {
		place--;
	}

	return place;
}

/** Whether a cut before this place would go through a character or take its accents away. */
function isInside(text: string, place: number): boolean {
	return /^(?:[\uDC00-\uDFFF]|\p{M})/u.test(text.slice(place, place + 2));
}

/** A copy: a part of a string keeps the whole string in memory. */
function detached(text: string): string {
	return ` ${text}`.slice(1);
}
