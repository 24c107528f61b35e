import {sanitizeLine} from '../../core/text.ts';

/** A word of a line that is there to be pasted into a shell; names of models come from a server. */
export function shellWord(word: string): string {
	const text = sanitizeLine(word);
	return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
