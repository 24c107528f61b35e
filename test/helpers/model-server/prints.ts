export type Prints = {
	/** All that was printed so far. */
	readonly text: string;
	stop(): void;
	/** Stops, and throws when anything was printed. */
	stopSilent(): void;
};

/** Catches what anything in this process prints, by the streams or by `console`. */
export function capturePrints(): Prints {
	const printed: string[] = [];
	const restore = [
		replace(process.stdout, 'write', text => printed.push(String(text))),
		replace(process.stderr, 'write', text => printed.push(String(text))),
		...(['log', 'info', 'warn', 'error', 'debug', 'trace'] as const).map(method =>
			replace(console, method, (...words) => printed.push(words.join(' '))),
		),
	];
	const stop = () => {
		for (const undo of restore) {
			undo();
		}
	};
	return {
		get text() {
			return printed.join('\n');
		},
		stop,
		stopSilent() {
			stop();
			if (printed.length > 0) {
				throw new Error(`This was printed: ${printed.join('\n')}`);
			}
		},
	};
}

function replace(
	target: object,
	method: string,
	print: (...words: readonly unknown[]) => void,
): () => void {
	const original: unknown = Reflect.get(target, method);
	Reflect.set(target, method, (...words: readonly unknown[]) => {
		print(...words);
		return true;
	});
	return () => {
		Reflect.set(target, method, original);
	};
}
