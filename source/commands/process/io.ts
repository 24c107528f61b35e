import {createWriteStream} from 'node:fs';
import {Socket} from 'node:net';
import {homedir} from 'node:os';
import type {Readable} from 'node:stream';
import {styleText} from 'node:util';
import {UsageError} from '../../core/usage-error.ts';
import type {Environment} from '../../providers/defaults.ts';
import type {Tone} from '../../present/text/row.ts';
import type {Output} from '../../reporters/reporter.ts';
import {isNpmScript} from './npm-script.ts';

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
	/** Columns of the terminal that is printed to; without end where there is none. */
	readonly columns: () => number;
	readonly paint: (tone: Tone, text: string) => string;
	/**
	 * Standard output that never makes the program wait for its reader; `onClosed`: nobody reads.
	 * `forPeople`: commands to type are told as they are typed here.
	 */
	openOutput(onClosed: (reason: string) => void, forPeople?: boolean): Output;
	/** Calls the listener when the person or the system wants the program to end; returns how to stop. */
	onSignal(listener: (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => void): () => void;
};

/** The real process. */
export function createProcessIo(environment: Environment): Io {
	const {stdin, stdout, stderr} = process;
	const asTyped = isNpmScript(environment) ? asNpmScript : (text: string) => text;
	return {
		environment,
		get userHome() {
			return known(homedir, 'your home directory is not known', 'set HOME');
		},
		get workingDirectory() {
			return known(process.cwd, 'the current directory is gone', 'cd to one that is there');
		},
		input: stdin,
		interactive: stdin.isTTY && stdout.isTTY,
		print(text) {
			stdout.write(`${asTyped(text)}\n`);
		},
		complain(text) {
			stderr.write(`${asTyped(text)}\n`);
		},
		columns: () => stdout.columns || Number.POSITIVE_INFINITY,
		paint: (tone, text) =>
			tone === 'plain' ? text : styleText(styles[tone], text, {stream: stdout}),
		openOutput(onClosed, forPeople = true) {
			const output = openStandardOutput(onClosed);
			return forPeople
				? {
						write(text) {
							output.write(asTyped(text));
						},
						flush: output.flush,
					}
				: output;
		},
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

/** What the system says of this process; a `UsageError` where it has no answer. */
function known(ask: () => string, problem: string, hint: string): string {
	try {
		return ask();
	} catch (error) {
		throw new UsageError(problem, hint, error);
	}
}

/** Commands to type next, as they are typed in a checkout. */
function asNpmScript(text: string): string {
	return text.replaceAll(
		/(?<=→ |Next: |example: |see: |undo +|: )llm-orchestrator (?=[a-z-])/g,
		'npm run orchestrator -- ',
	);
}

const styles = {
	quiet: 'dim',
	good: 'green',
	bad: 'red',
	warning: 'yellow',
	heading: 'bold',
	accent: 'cyan',
	added: 'green',
	removed: 'red',
	match: 'inverse',
} as const;

/*
 * Writing to a pipe never blocks with `process.stdout`, and with a stream of our own on the same
 * descriptor it fails while the pipe is full (EAGAIN). Writing to a terminal or a file blocks the
 * whole program with `process.stdout`, and waits in the background with a stream of our own.
 */
function openStandardOutput(onClosed: (reason: string) => void): Output {
	const {stdout} = process;
	const isPipe = stdout instanceof Socket && !stdout.isTTY;
	const stream = isPipe ? stdout : createWriteStream('', {fd: 1, autoClose: false});
	let closed = false;
	const gone = Promise.withResolvers<void>();
	stream.on('error', (error: NodeJS.ErrnoException) => {
		closed = true;
		gone.resolve();
		onClosed(
			error.code === 'EPIPE'
				? 'nobody reads the output any more'
				: `standard output cannot be written: ${error.message}`,
		);
	});
	return {
		write(text) {
			if (!closed) {
				stream.write(text);
			}
		},
		async flush() {
			if (!closed) {
				const written = Promise.withResolvers<void>();
				stream.write('', () => {
					written.resolve();
				});
				await Promise.race([written.promise, gone.promise]);
			}
		},
	};
}
