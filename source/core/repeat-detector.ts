import {sanitizeLine, shorten} from './text.ts';

/** Tells when a model says the same without end. One for each kind of stream: text, thinking. */
export type RepeatDetector = {
	/** What repeats, shortened, once it is clear that nothing else will come; else `undefined`. */
	push(delta: string): string | undefined;
};

/** Times that a block has to come in a row, and that one line has to. */
const blockTimes = 10;
const lineTimes = 40;

/** A block has at least this many characters, */
const shortestBlock = 50;
/** what is shorter counts when it fills as many: zeros of a list, rules of tables, line breaks. */
const shortRun = 3_000;
/** A line has at least this many: brackets, `0,` and `null,` may stand below each other in any number. */
const shortestLine = 10;

/** Characters that are looked at; a tenth of it is the longest block that is found. */
const window = 16_384;
/** Characters between two looks. */
const stride = 1_024;
const longestLine = 1_000;
const longestExcerpt = 100;

/**
 * Finds a block of 50 to some 1,600 characters that comes ten times in a row, one line that comes 40
 * times in a row (empty ones between do not count), and anything shorter that fills 3,000 characters.
 * Only equal text counts: rows of a table, lines of a log or of code that differ in one character are
 * none. Takes linear time and as much memory as the window.
 */
export function createRepeatDetector(): RepeatDetector {
	const countLine = createLineCounter();
	let tail = '';
	let unseen = '';
	return {
		push(delta) {
			for (let start = 0; start < delta.length; start += stride) {
				const piece = delta.slice(start, start + stride);
				const line = countLine(piece);
				if (line !== undefined) {
					return shorten(sanitizeLine(line), longestExcerpt);
				}

				unseen += piece;
				if (unseen.length < stride) {
					continue;
				}

				tail = (tail + unseen).slice(-window);
				unseen = '';
				const block = repeatedEnd(tail);
				if (block !== undefined) {
					return shorten(sanitizeLine(block), longestExcerpt);
				}
			}

			return undefined;
		},
	};
}

/** The block that a text ends with again and again. */
function repeatedEnd(text: string): string | undefined {
	// Of every ending the longest that is also its beginning, as Knuth, Morris and Pratt compute it, on
	// the text read backwards: the rest of the ending is its period.
	const borders = new Uint16Array(text.length);
	let border = 0;
	for (let length = 1; length < text.length; length++) {
		const next = text.codePointAt(text.length - 1 - length);
		while (border > 0 && text.codePointAt(text.length - 1 - border) !== next) {
			border = borders[border - 1] ?? 0;
		}
		border += text.codePointAt(text.length - 1 - border) === next ? 1 : 0;
		borders[length] = border;
		const whole = length + 1;
		const period = whole - border;
		if (period < shortestBlock ? whole >= shortRun : whole >= blockTimes * period) {
			return text.slice(-period);
		}
	}

	return undefined;
}

/** Counts how often one line came in a row; gives it when that is often enough. */
function createLineCounter(): (text: string) => string | undefined {
	let line = '';
	let before = '';
	let times = 0;
	const endLine = (): string | undefined => {
		const bare = line.trim();
		line = '';
		if (bare === '') {
			return undefined;
		}

		times = bare === before ? times + 1 : 1;
		before = bare;
		return times >= lineTimes && bare.length >= shortestLine && bare.length < longestLine
			? bare
			: undefined;
	};
	return text => {
		const [first = '', ...others] = text.split('\n');
		line += line.length < longestLine ? first.slice(0, longestLine) : '';
		for (const other of others) {
			const found = endLine();
			if (found !== undefined) {
				return found;
			}

			line = other.slice(0, longestLine);
		}

		return undefined;
	};
}
