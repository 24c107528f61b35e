import type {Output} from '../../source/reporters/reporter.ts';

/** An output that keeps what is written. */
export function createTextOutput(): Output & {text(): string; flushes(): number} {
	let written = '';
	let flushes = 0;
	return {
		write(text) {
			written += text;
		},
		async flush() {
			flushes += 1;
		},
		text: () => written,
		flushes: () => flushes,
	};
}
