/** Keeps the beginning and the end of a stream of output. */
export type OutputWindow = {
	add(chunk: Buffer): void;
	/** Total bytes received. */
	bytes(): number;
	text(): string;
};

/** Keeps `maxBytes`; a note between the halves says how much was left out. */
export function createOutputWindow(maxBytes: number): OutputWindow {
	const half = Math.ceil(maxBytes / 2);
	const head: Buffer[] = [];
	const tail: Buffer[] = [];
	let headBytes = 0;
	let tailBytes = 0;
	let total = 0;

	return {
		add(chunk) {
			total += chunk.length;
			const first = chunk.subarray(0, Math.max(0, half - headBytes));
			const rest = chunk.subarray(first.length);
			if (first.length > 0) {
				head.push(Buffer.from(first));
				headBytes += first.length;
			}

			if (rest.length > 0) {
				tail.push(Buffer.from(rest.subarray(-half)));
				tailBytes += Math.min(rest.length, half);
			}

			while (tailBytes - (tail[0]?.length ?? 0) >= half) {
				tailBytes -= tail.shift()?.length ?? 0;
			}
		},

		bytes: () => total,

		text() {
			const first = Buffer.concat(head);
			const last = Buffer.concat(tail).subarray(-half);
			const omitted = total - first.length - last.length;
			if (omitted <= 0) {
				return Buffer.concat([first, last]).toString();
			}

			const start = wholeCharacters(first);
			return `${start}\n… ${omitted} bytes left out …\n${last.subarray(characterStart(last)).toString()}`;
		},
	};
}

/** The text without a character that was cut at its end. */
function wholeCharacters(bytes: Buffer): string {
	const text = bytes.toString();
	return text.endsWith('\uFFFD') ? text.slice(0, -1) : text;
}

function characterStart(bytes: Buffer): number {
	let start = 0;
	while (start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) {
		start++;
	}

	return start;
}
