/** A word for a command line of a POSIX shell: as it is, or in single quotes. */
export function shellQuoted(word: string): string {
	return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
