import {charactersOf, textWidth} from './width.ts';

/**
 * Sanitized text in rows of at most `width` columns: split at newlines, wrapped at blanks; a word that
 * is wider than a row is cut between characters. A line keeps its indentation (on its first row, as far
 * as there is room beside its first word) and loses the blanks at its end; a tab is four blanks. An
 * empty line is an empty row. Takes time in proportion to the text.
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
