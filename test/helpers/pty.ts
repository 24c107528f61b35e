import {spawn} from '@lydell/node-pty';
import {expect, onTestFinished, vi} from 'vitest';
import {programEnvironment} from './program.ts';
import {modelScreen, type ModelScreen} from './model-screen.ts';
import {patience, patienceMs} from './patience.ts';

export type Pty = ModelScreen & {
	/** Resolves once the screen shows it. Default deadline: `patienceMs`. */
	waitFor(what: RegExp, deadlineMs?: number): Promise<void>;
	type(keys: string): void;
	resize(columns: number, rows: number): void;
	/** Closes the terminal, as when its window is closed. */
	hangUp(): void;
	readonly pid: number;
	/** Resolves when what was started has ended, with its exit code. */
	readonly ended: Promise<number>;
};

/** Any program on a real pseudo-terminal, as the leader of its session; for ours alone there is `openTerminal`. */
export function openPty(
	[file = '', ...args]: readonly string[],
	{
		home,
		directory = home,
		environment = {},
	}: {
		readonly home: string;
		readonly directory?: string;
		readonly environment?: Readonly<Record<string, string>>;
	},
): Pty {
	const size = {columns: 100, rows: 30};
	const screen = modelScreen(size);
	const child = spawn(file, [...args], {
		name: 'xterm-256color',
		cols: size.columns,
		rows: size.rows,
		cwd: directory,
		env: {...programEnvironment(home), PS1: 'prompt> ', ...environment},
	});
	let isOpen = true;
	child.onData(data => {
		void screen.write(data);
	});
	const {promise: ended, resolve} = Promise.withResolvers<number>();
	child.onExit(({exitCode, signal = 0}) => {
		isOpen = false;
		// What was sent before the end is on the screen first.
		void screen.write('').then(() => {
			// As a shell reports the end by a signal.
			resolve(signal === 0 ? exitCode : 128 + signal);
		});
	});
	onTestFinished(() => {
		if (isOpen) {
			child.kill('SIGKILL');
		}
	});
	return {
		...screen,
		async waitFor(what, deadlineMs = patienceMs) {
			await vi.waitFor(
				() => {
					expect(screen.text()).toMatch(what);
				},
				{...patience, timeout: deadlineMs},
			);
		},
		type(keys) {
			child.write(keys);
		},
		resize(columns, rows) {
			screen.resize(columns, rows);
			child.resize(columns, rows);
		},
		hangUp() {
			isOpen = false;
			// Not in its types: `kill` only sends the signal.
			(child as typeof child & {destroy(): void}).destroy();
		},
		pid: child.pid,
		ended,
	};
}

/** Types a key again and again: those that decide are dead for a moment after a request has appeared. */
export async function typeUntil(pty: Pty, key: string, what: RegExp): Promise<void> {
	await vi.waitFor(async () => {
		pty.type(key);
		await pty.waitFor(what, 200);
	}, patience);
}
