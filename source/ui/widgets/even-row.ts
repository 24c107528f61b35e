import type {Row} from '../../present/row.ts';

/** What joins, frames or colours the character before it: some terminals draw one for both, some two. */
const uneven = /[\u200D\u20E3\uFE00-\uFE0F]|(?<=\p{Emoji_Modifier_Base})\p{Emoji_Modifier}/gu;

/** A row that is of the same width on all terminals: emoji one by one, in their plain form. */
export function evenRow(row: Row): Row {
	return row.map(piece => ({...piece, text: piece.text.replaceAll(uneven, '')}));
}
