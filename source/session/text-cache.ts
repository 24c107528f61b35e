/** Caches the most recently used texts by name; others are read again. */
export type TextCache<Key> = {
	/** The text; `undefined` while it is being read, after which `changed` is called. */
	read(key: Key): string | undefined;
};

const maxTexts = 200;

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
			if (texts.size > maxTexts && oldest !== undefined) {
				texts.delete(oldest);
			}

			const keep = (text: string) => {
				texts.set(name, text);
				changed();
			};
			load(key).then(keep, (error: unknown) => {
				keep(`[cannot read: ${error instanceof Error ? error.message : String(error)}]`);
			});
			return undefined;
		},
	};
}
