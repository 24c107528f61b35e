import type {Row} from '../../present/text/row.ts';
import {prefixOf, textWidth} from '../../present/text/width.ts';

/** What joins, frames or colours the character before it: some terminals draw one for both, some two. */
const uneven = /[\u200D\u20E3\uFE00-\uFE0F]|(?<=\p{Emoji_Modifier_Base})\p{Emoji_Modifier}/gu;

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** The same row, of the same width, of which all terminals think alike: of joined emoji the first one. */
export function evenRow(row: Row): Row {
	return row.map(piece =>
		piece.text.search(uneven) === -1 ? piece : {...piece, text: evenText(piece.text)},
	);
}

function evenText(text: string): string {
	return [...segmenter.segment(text)].map(({segment}) => evenCharacter(segment)).join('');
}

function evenCharacter(character: string): string {
	const plain = character.replaceAll(uneven, '');
	const width = textWidth(character);
	const shown = plain === character ? character : prefixOf(plain, width);
	return shown + ' '.repeat(width - textWidth(shown));
}
