import type {LineRing} from './line-ring.ts';
import type {LogBlock} from './log-block.ts';
import {createProseBlock, type ProseBlock, type ProseKind} from './prose-block.ts';
import {createLineReader} from './source-line.ts';
import {createStreamSanitizer} from './stream-sanitizer.ts';

export type ProseWriter = {
	/** Adds a piece of text to what is open; another kind of text ends it. Tells whether it shows. */
	write(kind: ProseKind, piece: string): boolean;
	/** Ends what is open. */
	seal(): void;
	/** Has what follows go into a block of its own; a line that has no end stays open. */
	leaveBlock(): void;
	/** Brings the open line up to date in the lines, as far as it came. */
	settle(): void;
	/** The open line, led by its `\n`; empty when there is none. */
	openText(): string;
};

/**
 * Writes live text into the lines of a log. Finished lines are wrapped once, when they end; the open
 * line when somebody looks.
 */
export function createProseWriter(lines: LineRing<LogBlock>): ProseWriter {
	const sanitizer = createStreamSanitizer();
	let block: ProseBlock | undefined;
	/** Whether the block is among the lines: it is from its first line on. */
	let placed = false;
	/** Whether the open line is shown as it is, and how wide. */
	let settledAt: number | undefined;

	const leaveBlock = () => {
		block = block?.next();
		settledAt = undefined;
		placed = false;
	};
	const reader = createLineReader(line => {
		if (block?.full === true) {
			leaveBlock();
		}

		const rows = block?.add(line, lines.width) ?? [];
		if (placed) {
			lines.extend(rows);
		} else if (block) {
			lines.append(block);
			placed = true;
		}
	});
	const seal = () => {
		reader.end();
		settledAt = undefined;
		sanitizer.reset();
		block = undefined;
		placed = false;
	};

	return {
		write(kind, piece) {
			if (block?.kind !== kind) {
				seal();
				block = createProseBlock(kind);
			}

			const text = sanitizer.push(piece);
			reader.push(text);
			settledAt = undefined;
			return text !== '';
		},
		seal,
		leaveBlock,
		settle() {
			if (settledAt !== lines.width) {
				settledAt = lines.width;
				lines.setTail(block?.preview(reader.open(), lines.width) ?? []);
			}
		},
		openText() {
			const {text, continued} = reader.open();
			return text === '' || continued ? text : `\n${text}`;
		},
	};
}
