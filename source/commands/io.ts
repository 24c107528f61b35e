import {createWriteStream} from 'node:fs';
import type {Readable} from 'node:stream';
import {styleText} from 'node:util';
import type {Environment} from '../providers/defaults.ts';
import type {Tone} from '../present/event-line.ts';
import type {Output} from '../reporters/reporter.ts';

/** What a command sees of the process. */
export type Io = {
	readonly environment: Environment;
	readonly workingDirectory: string;
	readonly userHome: string;
	readonly input: Readable;
	/** A person reads what is printed and can type. */
	readonly interactive: boolean;
	/** Standard output: what was asked for. */
	print(text: string): void;
	/** Standard error: what goes wrong, and the last line of a run. */
	complain(text: string): void;
	readonly paint: (tone: Tone, text: string) => string;
	/** Standard output that never makes the program wait for its reader; `onClosed`: nobody reads. */
	openOutput(onClosed: () => void): Output;
	/** Aborted when the person or the system wants the program to end. */
	onSignal(listener: (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => void): () => void;
};

/** The real process. */
export function createProcessIo(environment: Environment, userHome: string): Io {
	const {stdin, stdout, stderr} = process;
	return {
		environment,
		userHome,
		workingDirectory: process.cwd(),
		input: stdin,
		interactive: stdin.isTTY && stdout.isTTY,
		print(text) {
			stdout.write(`${text}\n`);
		},
		complain(text) {
			stderr.write(`${text}\n`);
		},
		paint: (tone, text) =>
			tone === 'plain' ? text : styleText(styles[tone], text, {stream: stdout}),
		openOutput: openStandardOutput,
		onSignal(listener) {
			const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
			for (const signal of signals) {
				process.on(signal, listener);
			}

			return () => {
				for (const signal of signals) {
					process.off(signal, listener);
				}
			};
		},
	};
}

const styles = {
	quiet: 'dim',
	good: 'green',
	bad: 'red',
	warning: 'yellow',
	heading: 'bold',
} as const;

/*
 * `process.stdout` blocks the whole program while a pipe is full; a file stream on the same
 * descriptor waits in the background instead.
 */
function openStandardOutput(onClosed: () => void): Output {
	const stream = createWriteStream('', {fd: 1, autoClose: false});
	let closed = false;
	stream.on('error', () => {
		closed = true;
		onClosed();
	});
	return {
		write(text) {
			if (!closed) {
				stream.write(text);
			}
		},
		async flush() {
			if (!closed) {
				await new Promise<void>(resolve => {
					stream.once('error', () => {
						resolve();
					});
					stream.write('', () => {
						resolve();
					});
				});
			}
		},
	};
}
