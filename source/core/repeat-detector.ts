import {sanitizeLine, shorten} from './text.ts';

/** Detects endless repetition in a model's output. One per stream: text, thinking. */
export type RepeatDetector = {
	/** What repeats, shortened, once endless repetition is certain; otherwise `undefined`. */
	push(delta: string): string | undefined;
};

/** How many times in a row a block has to occur. */
const blockTimes = 10;
/** How many times in a row a line has to occur. */
const lineTimes = 40;

/** Minimum length of a block, in characters. */
const minBlock = 50;
/**
 * Shorter repetitions count once they fill this many: zeros of a list, table rules, line breaks.
 */
const shortRun = 3_000;
/** Minimum length of a line, since brackets, `0,` and `null,` may repeat any number of times. */
const minLine = 10;

/** Characters examined; the longest block found is a tenth of it. */
const window = 16_384;
/** Characters between two checks. */
const stride = 1_024;
const maxLine = 1_000;
const maxExcerpt = 100;

/**
 * Finds a block of 50 to some 1,600 characters that occurs ten times in a row, a line that occurs
 * 40 times in a row (ignoring empty ones), and anything shorter that fills 3,000 characters. Only
 * identical text counts: table rows or log lines that differ in one character don't. Takes linear
 * time and as much memory as the window.
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
					return shorten(sanitizeLine(line), maxExcerpt);
				}

				unseen += piece;
				if (unseen.length < stride) {
					continue;
				}

				tail = (tail + unseen).slice(-window);
				unseen = '';
				const block = repeatedSuffix(tail);
				if (block !== undefined) {
					return shorten(sanitizeLine(block), maxExcerpt);
				}
			}

			return undefined;
		},
	};
}

/** The block that repeats at the end of a text. */
function repeatedSuffix(text: string): string | undefined {
	// The longest border (prefix that is also a suffix) of each prefix of the reversed text, as
	// computed by Knuth, Morris and Pratt: the rest is its period.
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
		if (period < minBlock ? whole >= shortRun : whole >= blockTimes * period) {
			return text.slice(-period);
		}
	}

	return undefined;
}

/** Counts consecutive equal lines; returns the line once there are enough. */
function createLineCounter(): (text: string) => string | undefined {
	let line = '';
	let before = '';
	let times = 0;
	const endLine = (): string | undefined => {
		const trimmed = line.trim();
		line = '';
		if (trimmed === '') {
			return undefined;
		}

		times = trimmed === before ? times + 1 : 1;
		before = trimmed;
		return times >= lineTimes && trimmed.length >= minLine && trimmed.length < maxLine
			? trimmed
			: undefined;
	};
	return text => {
		const [first = '', ...others] = text.split('\n');
		line += line.length < maxLine ? first.slice(0, maxLine) : '';
		for (const other of others) {
			const found = endLine();
			if (found !== undefined) {
				return found;
			}

			line = other.slice(0, maxLine);
		}

		return undefined;
	};
}
