import {sanitizeLine} from '../../core/text.ts';

/** Quotes a word of a command meant to be pasted into a shell; model names come from a server. */
export function shellWord(word: string): string {
	const text = sanitizeLine(word);
	return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
