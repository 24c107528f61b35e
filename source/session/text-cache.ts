/** Texts that are looked at, by their names: the last few are kept, the rest is read again. */
export type TextCache<Key> = {
	/** The text, or `undefined` while it is being read; `changed` is called when it is there. */
	read(key: Key): string | undefined;
};

/** Texts that are kept. */
const kept = 200;

export function createTextCache<Key>({
	nameOf,
	load,
	changed,
}: {
	readonly nameOf: (key: Key) => string;
	readonly load: (key: Key) => Promise<string>;
	readonly changed: () => void;
}): TextCache<Key> {
	const texts = new Map<string, string | undefined>();
	return {
		read(key) {
			const name = nameOf(key);
			if (texts.has(name)) {
				const known = texts.get(name);
				texts.delete(name);
				texts.set(name, known);
				return known;
			}

			texts.set(name, undefined);
			const [oldest] = texts.keys();
			if (texts.size > kept && oldest !== undefined) {
				texts.delete(oldest);
			}

			const keep = (text: string) => {
				texts.set(name, text);
				changed();
			};
			load(key).then(keep, (error: unknown) => {
				keep(`[cannot be read: ${error instanceof Error ? error.message : String(error)}]`);
			});
			return undefined;
		},
	};
}
