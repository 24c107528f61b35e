import {charactersOf, textWidth} from './width.ts';

/**
 * Wraps sanitized text into rows of at most `width` columns: at newlines and spaces, or between
 * characters if a word is wider than a row. A line keeps its indentation (on its first row, if the
 * first word fits beside it) and loses trailing spaces; a tab is four spaces. An empty line is an
 * empty row. Takes linear time.
 */
export function wrapText(text: string, width: number): readonly string[] {
	const columns = Math.max(1, Math.floor(width));
	return text
		.replaceAll('\t', '    ')
		.split('\n')
		.flatMap(line => wrapLine(line, columns));
}

function wrapLine(line: string, width: number): readonly string[] {
	const rows: string[] = [];
	let row = '';
	let used = 0;
	const append = (piece: string, columns: number) => {
		row += piece;
		used += columns;
	};
	const endRow = () => {
		rows.push(row.trimEnd());
		row = '';
		used = 0;
	};

	for (const [, blanks = '', word = ''] of line.trimEnd().matchAll(/( *)([^ ]+)/g)) {
		const own = textWidth(word);
		const room = own > width ? width >> 1 : width - own;
		const gap = used === 0 ? Math.min(blanks.length, room) : blanks.length;
		if (used + gap + own > width && (own <= width || used + gap >= width)) {
			endRow();
		} else {
			append(' '.repeat(gap), gap);
		}

		if (own <= width) {
			append(word, own);
			continue;
		}

		for (const {character, columns} of charactersOf(word, width)) {
			if (used > 0 && used + columns > width) {
				endRow();
			}

			append(character, columns);
		}
	}

	endRow();
	return rows;
}
