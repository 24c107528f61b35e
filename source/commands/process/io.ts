import {createWriteStream} from 'node:fs';
import {Socket} from 'node:net';
import {homedir} from 'node:os';
import type {Readable} from 'node:stream';
import {styleText} from 'node:util';
import {UsageError} from '../../core/usage-error.ts';
import type {Environment} from '../../core/environment.ts';
import type {Tone} from '../../present/text/row.ts';
import type {Output} from '../../reporters/reporter.ts';
import {isNpmScript} from './npm-script.ts';

/** The process, as commands see it. */
export type Io = {
	readonly environment: Environment;
	readonly workingDirectory: string;
	readonly userHome: string;
	readonly input: Readable;
	/** The terminal, for drawing or editing a line; only if `interactive`. */
	terminal(): {readonly input: NodeJS.ReadStream; readonly output: NodeJS.WriteStream};
	/** Standard input and output are a terminal. */
	readonly interactive: boolean;
	/** Prints a line to standard output. */
	print(text: string): void;
	/** Prints a line to standard error: problems, and the last line of a run. */
	printError(text: string): void;
	/** Columns of the terminal; `Infinity` without one. */
	readonly columns: () => number;
	readonly paint: (tone: Tone, text: string) => string;
	/**
	 * Standard output that never blocks the program; `onClosed`: nothing more can be written.
	 * `forPeople`: rewrites suggested commands for how the program was started.
	 */
	openOutput(onClosed: OnClosed, forPeople?: boolean): Output;
	/** Calls the listener on terminating signals; returns a function that unsubscribes. */
	onSignal(listener: (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => void): () => void;
	/** Sends this process SIGINT, as Ctrl+C does outside raw mode. */
	interrupt(): void;
	/** Exits immediately, without waiting for anything. */
	exitNow(code: number): void;
	/** Closes something when the command has ended. */
	closeLater(close: () => Promise<void>): void;
};

type OnClosed = (reason: string, cause: 'reader-left' | 'write-failed') => void;

/** The process itself, which ends the command. */
export type ProcessIo = Io & {close(): Promise<void>};

/** The real process. */
export function createProcessIo({
	environment,
	exitNow,
}: Pick<Io, 'environment' | 'exitNow'>): ProcessIo {
	const closers: (() => Promise<void>)[] = [];
	const {stdin, stdout, stderr} = process;
	const asInvoked = isNpmScript(environment) ? asNpmScript : (text: string) => text;
	return {
		environment,
		get userHome() {
			return systemValue(homedir, 'your home directory is unknown', 'set HOME');
		},
		get workingDirectory() {
			return systemValue(
				process.cwd,
				'the current directory no longer exists',
				'cd to another one',
			);
		},
		input: stdin,
		terminal: () => ({input: stdin, output: stdout}),
		interactive: stdin.isTTY && stdout.isTTY,
		print(text) {
			stdout.write(`${asInvoked(text)}\n`);
		},
		printError(text) {
			stderr.write(`${asInvoked(text)}\n`);
		},
		columns: () => stdout.columns || Number.POSITIVE_INFINITY,
		paint: (tone, text) =>
			tone === 'plain' ? text : styleText(styles[tone], text, {stream: stdout}),
		openOutput(onClosed, forPeople = true) {
			const output = openStandardOutput(onClosed);
			return forPeople
				? {
						write(text) {
							output.write(asInvoked(text));
						},
						flush: output.flush,
					}
				: output;
		},
		interrupt() {
			process.kill(process.pid, 'SIGINT');
		},
		exitNow,
		closeLater(close) {
			closers.push(close);
		},
		async close() {
			await Promise.allSettled(closers.splice(0).map(async close => close()));
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

/** Asks the system; throws a `UsageError` when it has no answer. */
function systemValue(ask: () => string, problem: string, hint: string): string {
	try {
		return ask();
	} catch (error) {
		throw new UsageError(problem, hint, error);
	}
}

/** Rewrites suggested commands as they are run in a checkout. */
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
 * Pipes: `process.stdout` never blocks, while our own stream on the descriptor fails when the pipe is
 * full (EAGAIN). Terminals and files: `process.stdout` blocks the program, while our own stream waits in
 * the background.
 */
function openStandardOutput(onClosed: OnClosed): Output {
	const {stdout} = process;
	const isPipe = stdout instanceof Socket && !stdout.isTTY;
	const stream = isPipe ? stdout : createWriteStream('', {fd: 1, autoClose: false});
	let closed = false;
	const gone = Promise.withResolvers<void>();
	stream.on('error', (error: NodeJS.ErrnoException) => {
		closed = true;
		gone.resolve();
		if (error.code === 'EPIPE') {
			onClosed('the reader of the output is gone', 'reader-left');
		} else {
			onClosed(`cannot write to standard output: ${error.message}`, 'write-failed');
		}
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
