/**
 * An input that tells of all text that is read from it. Ink takes what a terminal says of itself (as of the
 * focus of its window) and tells nobody.
 */
export function heardInput(
	input: NodeJS.ReadStream,
	hear: (text: string) => void,
): NodeJS.ReadStream {
	return new Proxy(input, {
		get(target, name) {
			const value: unknown = Reflect.get(target, name, target);
			if (name === 'read') {
				return (size?: number): unknown => {
					const chunk: unknown = target.read(size);
					if (typeof chunk === 'string') {
						hear(chunk);
					}

					return chunk;
				};
			}

			return typeof value === 'function' ? value.bind(target) : value;
		},
	});
}
