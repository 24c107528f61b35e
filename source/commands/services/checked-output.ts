import {StoreError} from '../../core/store-error.ts';
import type {Output} from '../../reporters/reporter.ts';
import type {Io} from '../process/io.ts';

/** Standard output that is not lost silently: a full disk is a failure, a reader that leaves is not. */
export type CheckedOutput = Output & {
	/** Throws a `StoreError` if something could not be written. `flush` rejects with it too. */
	requireWritten(): void;
};

type OutputOptions = {
	readonly onClosed?: (() => void) | undefined;
	/** Whether suggested commands are rewritten for how the program was started. */
	readonly forPeople: boolean;
};

export function openCheckedOutput(
	io: Pick<Io, 'openOutput'>,
	{onClosed, forPeople}: OutputOptions,
): CheckedOutput {
	let failure: string | undefined;
	const output = io.openOutput((reason, cause) => {
		failure = cause === 'write-failed' ? reason : undefined;
		onClosed?.();
	}, forPeople);
	const requireWritten = () => {
		if (failure !== undefined) {
			throw new StoreError('io', failure, {hint: 'free some disk space, then try again'});
		}
	};
	return {
		write: output.write,
		async flush() {
			await output.flush();
			requireWritten();
		},
		requireWritten,
	};
}

/** Prints a text for programs, byte for byte. */
export async function printExactly(text: string, io: Pick<Io, 'openOutput'>): Promise<void> {
	const output = openCheckedOutput(io, {forPeople: false});
	output.write(text);
	await output.flush();
}

/** Prints a document as one line of JSON. */
export async function printJson(document: object, io: Pick<Io, 'openOutput'>): Promise<void> {
	await printExactly(`${JSON.stringify(document)}\n`, io);
}

/** Prints a JSON Schema, indented for people who read it. */
export async function printJsonSchema(schema: object, io: Pick<Io, 'openOutput'>): Promise<void> {
	await printExactly(`${JSON.stringify(schema, undefined, '\t')}\n`, io);
}
