import type {LineRing} from './line-ring.ts';
import type {LogBlock} from './log-block.ts';
import {createProseBlock, type ProseBlock, type ProseKind} from './prose-block.ts';
import {createLineReader} from './source-line.ts';
import {createStreamSanitizer} from './stream-sanitizer.ts';

export type ProseWriter = {
	/** Appends text; a change of kind ends the open block. Returns whether anything is visible. */
	write(kind: ProseKind, piece: string): boolean;
	/** Ends the open block. */
	seal(): void;
	/** Starts a new block for later lines; an unfinished line stays open. */
	leaveBlock(): void;
	/** Renders the open line into the lines. */
	settle(): void;
	/** The open line, preceded by `\n`; empty when there is none. */
	openText(): string;
};

/**
 * Writes live text into the lines of a log. A finished line is wrapped once; the open line only when
 * it is displayed.
 */
export function createProseWriter(lines: LineRing<LogBlock>): ProseWriter {
	const sanitizer = createStreamSanitizer();
	let block: ProseBlock | undefined;
	/** Whether the block is among the lines, which is so from its first line. */
	let placed = false;
	/** The width at which the open line was rendered; `undefined` when it is out of date. */
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
