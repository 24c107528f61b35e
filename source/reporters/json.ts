import type {ReadBlob} from '../core/payload.ts';
import {blobsOf, printedEvent, type PrintedEvent} from '../core/printed-event.ts';
import type {DeltaLine, ErrorLine} from '../core/printed-lines.ts';
import type {RunEvent} from '../core/run-event.ts';
import type {Output, Reporter} from './reporter.ts';

export type JsonReporterOptions = {
	readonly includeDeltas: boolean;
	readonly now: () => number;
	/** Reads the blobs that are printed whole (`--full`); absent: all are named by their hash. */
	readonly read?: ReadBlob | undefined;
};

export type JsonReporter = Reporter & {
	/** Prints why there is no report; resolves when everything is written. */
	fail(failure: Failure): Promise<void>;
};

export type Failure = Omit<ErrorLine, 'v' | 'type'>;

/**
 * JSON Lines: the events of the log, one per line, and nothing else. Deltas are optional; they are
 * not in the log and have no `seq`.
 */
export function createJsonReporter(
	output: Output,
	{includeDeltas, now, read}: JsonReporterOptions,
): JsonReporter {
	let run = '';
	const write = (line: PrintedEvent | DeltaLine | ErrorLine) => {
		output.write(`${JSON.stringify(line)}\n`);
	};
	/** With `read`, lines wait for the texts of earlier ones. */
	let written = Promise.resolve();
	const later = (print: () => Promise<void>) => {
		written = written.then(print);
	};
	const flush = async () => {
		await written;
		await output.flush();
	};
	return {
		event(event) {
			({run} = event);
			if (read) {
				later(async () => write(await wholeEvent(event, read)));
			} else {
				write(printedEvent(event));
			}
		},
		delta(delta) {
			if (includeDeltas) {
				const time = delta.time ?? new Date(now()).toISOString();
				const line: DeltaLine = {v: 1, type: 'delta', run, ...delta, time};
				if (read) {
					later(async () => write(line));
				} else {
					write(line);
				}
			}
		},
		end: flush,
		async fail(failure) {
			await written;
			write({v: 1, type: 'error', ...failure});
			await output.flush();
		},
	};
}

/** An event with all its texts. */
export async function wholeEvent(event: RunEvent, read: ReadBlob): Promise<PrintedEvent> {
	const texts = new Map<string, string>();
	for (const blob of blobsOf(event)) {
		const text = await read(blob).catch(() => undefined);
		if (text !== undefined) {
			texts.set(blob, text);
		}
	}

	return printedEvent(event, texts);
}
