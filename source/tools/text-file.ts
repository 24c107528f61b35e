import {createHash} from 'node:crypto';
import {FailureError} from '../core/failure.ts';
import type {PathGuard} from '../sandbox/path-guard.ts';

/** Bytes of a result that a model sees; more would crowd out what matters in its context. */
export const maxResultBytes = 30 * 1024;

export type TextFile = {
	/** Normalized. */
	readonly path: string;
	readonly text: string;
	/** SHA-256 of the bytes, hex. */
	readonly hash: string;
};

export function hashOf(content: Buffer): string {
	return createHash('sha256').update(content).digest('hex');
}

/**
 * A file as text, `undefined` if it does not exist. Throws (`tool-failed`) if it is not UTF-8 text.
 */
export async function readText(files: PathGuard, name: string): Promise<TextFile | undefined> {
	const path = files.normalize(name);
	const content = await files.readFile(path);
	if (content === undefined) {
		return undefined;
	}

	const text = asText(content);
	if (text === undefined) {
		throw new FailureError(
			'tool-failed',
			`${path} is a binary file of ${content.length} bytes, not text`,
			{hint: 'Look at it with a command that understands its format'},
		);
	}

	return {path, text, hash: hashOf(content)};
}

/** Exactly the same bytes as text, including a byte order mark, or `undefined`. */
export function asText(content: Buffer): string | undefined {
	if (content.includes(0)) {
		return undefined;
	}

	try {
		return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(content);
	} catch {
		return undefined;
	}
}

/** The lines with their line ends, so that joining them restores the text. */
export function linesOf(text: string): readonly string[] {
	return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Replaces the middle of the text by a note if it has more than `maxBytes` of UTF-8. */
export function truncateMiddle(text: string, maxBytes = maxResultBytes): string {
	const bytes = Buffer.from(text);
	if (bytes.length <= maxBytes) {
		return text;
	}

	const half = Math.floor(maxBytes / 2);
	const head = bytes
		.subarray(0, half)
		.toString()
		.replace(/\uFFFD$/, '');
	const tail = bytes
		.subarray(-half)
		.toString()
		.replace(/^\uFFFD+/, '');
	return `${head}\n… ${bytes.length - 2 * half} bytes left out …\n${tail}`;
}
