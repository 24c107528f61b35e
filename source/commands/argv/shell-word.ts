import {shellQuoted} from '../../core/shell-quoted.ts';
import {sanitizeLine} from '../../core/text.ts';

/** Quotes a word of a command meant to be pasted into a shell; model names come from a server. */
export function shellWord(word: string): string {
	return shellQuoted(sanitizeLine(word));
}
