import {spawn} from '@lydell/node-pty';
import xterm from '@xterm/headless';
import {onTestFinished} from 'vitest';
import {programEnvironment, programFile} from './program.ts';
import {patienceMs} from './patience.ts';

export type TerminalOptions = {
	readonly home: string;
	readonly directory?: string | undefined;
	readonly environment?: Readonly<Record<string, string>> | undefined;
	/** Default: 100. */
	readonly columns?: number | undefined;
	/** Default: 30. */
	readonly rows?: number | undefined;
};

/** The program on a real pseudo-terminal, with a model of the screen behind it. */
export type Terminal = {
	/** All lines that a person could scroll to, without trailing blanks; wrapped ones joined. */
	text(): string;
	/** The lines that are on the screen now, without trailing blanks. */
	screen(): readonly string[];
	/** Whether the alternate screen is shown, as by a full-screen program. */
	isAlternate(): boolean;
	/** Every byte that the program sent to the terminal. */
	raw(): string;
	/** Resolves with the text once it holds what is waited for; rejects with the text on a deadline or when the program ends without it. */
	waitFor(what: string | RegExp, deadlineMs?: number): Promise<string>;
	/** Sends keys, as they are. `\r` is Enter, `\x03` is Ctrl+C. */
	type(keys: string): void;
	/** Types a key again and again: those that decide are dead for a moment after a request has appeared. */
	typeUntil(key: string, what: RegExp): Promise<void>;
	resize(columns: number, rows: number): void;
	readonly pid: number;
	/** Resolves when the program has ended, with its exit code. */
	readonly ended: Promise<number>;
};

/** Runs the program on a terminal, with nothing of our environment but the path. It is killed when the test ends. */
export function openTerminal(
	args: readonly string[],
	{home, directory = home, environment = {}, columns = 100, rows = 30}: TerminalOptions,
): Terminal {
	const screen = new xterm.Terminal({
		cols: columns,
		rows,
		scrollback: 10_000,
		allowProposedApi: true,
	});
	const child = spawn(process.execPath, [programFile, ...args], {
		name: environment['TERM'] ?? 'xterm-256color',
		cols: columns,
		rows,
		cwd: directory,
		env: {...programEnvironment(home), ...environment},
	});
	let raw = '';
	let exitCode: number | undefined;
	const listeners = new Set<() => void>();
	const tell = () => {
		for (const listener of listeners) {
			listener();
		}
	};
	child.onData(data => {
		raw += data;
		screen.write(data, tell);
	});
	const {promise: ended, resolve} = Promise.withResolvers<number>();
	child.onExit(({exitCode: code}) => {
		// What was sent before the end is on the screen first.
		screen.write('', () => {
			exitCode = code;
			resolve(code);
			tell();
		});
	});
	onTestFinished(() => {
		if (exitCode === undefined) {
			child.kill('SIGKILL');
		}

		screen.dispose();
	});

	const text = () => textOf(screen);
	const waitFor: Terminal['waitFor'] = async (what, deadlineMs = patienceMs) => {
		const {promise, resolve: found, reject} = Promise.withResolvers<string>();
		const missing = (why: string) => {
			reject(new Error(`${why}, and the terminal does not show ${String(what)}:\n${text()}`));
		};
		const look = () => {
			const shown = text();
			if (typeof what === 'string' ? shown.includes(what) : what.test(shown)) {
				found(shown);
			} else if (exitCode !== undefined) {
				missing(`the program ended with ${exitCode}`);
			}
		};
		const timer = setTimeout(() => {
			missing(`${deadlineMs} ms are over`);
		}, deadlineMs);
		listeners.add(look);
		look();
		try {
			return await promise;
		} finally {
			clearTimeout(timer);
			listeners.delete(look);
		}
	};
	return {
		text,
		screen: () => linesOf(screen),
		isAlternate: () => screen.buffer.active.type === 'alternate',
		raw: () => raw,
		pid: child.pid,
		waitFor,
		async typeUntil(key, what) {
			while (!what.test(text()) && exitCode === undefined) {
				child.write(key);
				await waitFor(what, 300).catch(() => undefined);
			}

			await waitFor(what);
		},
		type(keys) {
			child.write(keys);
		},
		resize(newColumns, newRows) {
			screen.resize(newColumns, newRows);
			child.resize(newColumns, newRows);
		},
		ended,
	};
}

function linesOf({buffer: {active}, rows}: InstanceType<typeof xterm.Terminal>): readonly string[] {
	return Array.from(
		{length: rows},
		(_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '',
	);
}

function textOf({buffer: {active}}: InstanceType<typeof xterm.Terminal>): string {
	const lines: string[] = [];
	for (let index = 0; index < active.length; index++) {
		const line = active.getLine(index);
		const part = line?.translateToString(true) ?? '';
		if (line?.isWrapped === true && lines.length > 0) {
			lines[lines.length - 1] += part;
		} else {
			lines.push(part);
		}
	}

	return lines.join('\n').trimEnd();
}
