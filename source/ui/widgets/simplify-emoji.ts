import type {Row} from '../../present/text/row.ts';
import {prefixOf, textWidth} from '../../present/text/width.ts';

/**
 * Joiners, frames and skin tones: terminals disagree on whether they combine with the character
 * before.
 */
const emojiModifiers =
	/[\u200D\u20E3\uFE00-\uFE0F]|(?<=\p{Emoji_Modifier_Base})\p{Emoji_Modifier}/gu;

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/**
 * Reduces joined emoji to the first one, padded to the same width, so that all terminals agree on it.
 */
export function simplifyEmoji(row: Row): Row {
	return row.map(piece =>
		piece.text.search(emojiModifiers) === -1 ? piece : {...piece, text: simplifyText(piece.text)},
	);
}

function simplifyText(text: string): string {
	return [...segmenter.segment(text)].map(({segment}) => simplifyCharacter(segment)).join('');
}

function simplifyCharacter(character: string): string {
	const plain = character.replaceAll(emojiModifiers, '');
	const width = textWidth(character);
	const shown = plain === character ? character : prefixOf(plain, width);
	return shown + ' '.repeat(width - textWidth(shown));
}
