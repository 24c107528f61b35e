/** `$NAME` or `${NAME}`, as in a shell. */
const reference = /\$(?:\{(\w+)\}|([A-Za-z_]\w*))/g;

/** The environment variables that a text refers to. */
export function variablesIn(text: string): readonly string[] {
	return [...text.matchAll(reference)].map(([, braced, bare]) => braced ?? bare ?? '');
}

/** The text with the value of each variable that it refers to. */
export function expandVariables(text: string, valueOf: (name: string) => string): string {
	return text.replace(reference, (_, braced: string | undefined, bare: string) =>
		valueOf(braced ?? bare),
	);
}
