import type {Io} from '../process/io.ts';

/** Prints a text for programs: byte for byte, whichever way the program was started. */
export async function printExactly(text: string, io: Pick<Io, 'openOutput'>): Promise<void> {
	const output = io.openOutput(() => undefined, false);
	output.write(text);
	await output.flush();
}

/** Prints one line of JSON. */
export async function printJson(value: object, io: Pick<Io, 'openOutput'>): Promise<void> {
	await printExactly(`${JSON.stringify(value)}\n`, io);
}
