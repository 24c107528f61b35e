/**
 * Wraps an input so that all text read from it is also passed to `onText`: Ink consumes terminal
 * reports (like focus changes) without passing them on.
 */
export function tapInput(
	input: NodeJS.ReadStream,
	onText: (text: string) => void,
): NodeJS.ReadStream {
	return new Proxy(input, {
		get(target, name) {
			const value: unknown = Reflect.get(target, name, target);
			if (name === 'read') {
				return (size?: number): unknown => {
					const chunk: unknown = target.read(size);
					if (typeof chunk === 'string') {
						onText(chunk);
					}

					return chunk;
				};
			}

			return typeof value === 'function' ? value.bind(target) : value;
		},
	});
}
