import {StoreError} from '../../core/store-error.ts';
import type {Output} from '../../reporters/reporter.ts';
import type {Io} from '../process/io.ts';

/**
 * Standard output for programs: byte for byte, whichever way the program was started. `flush` rejects
 * with a `StoreError` if something could not be written; a reader that has left is none of its failures.
 */
export function openExactOutput(io: Pick<Io, 'openOutput'>): Output {
	let failure: string | undefined;
	const output = io.openOutput((reason, readerLeft) => {
		failure = readerLeft ? undefined : reason;
	}, false);
	return {
		write: output.write,
		async flush() {
			await output.flush();
			if (failure !== undefined) {
				throw new StoreError('io', failure, {hint: 'free some disk space, then try again'});
			}
		},
	};
}

/** Prints a text as it is. */
export async function printExactly(text: string, io: Pick<Io, 'openOutput'>): Promise<void> {
	const output = openExactOutput(io);
	output.write(text);
	await output.flush();
}

/** Prints one line of JSON. */
export async function printJson(value: object, io: Pick<Io, 'openOutput'>): Promise<void> {
	await printExactly(`${JSON.stringify(value)}\n`, io);
}
