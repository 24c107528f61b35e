import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {spawn} from '@lydell/node-pty';

export const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

/** A process on a pseudo-terminal of 120×36, with its output over time. */
export type Pty = {
	write(keys: string): void;
	/** All output. */
	output(): string;
	/**
	 * Resolves with the time (`performance.now()`) when `text` first appeared in the output after
	 * `from`.
	 */
	waitFor(text: string, from?: number): Promise<number>;
	/** User and system time of the process, in ms. */
	cpuMs(): number;
	/** Resident memory, in MiB. */
	residentMiB(): number;
	kill(): void;
	readonly ended: Promise<number>;
};

/** Timeout of every wait, in ms. */
const timeoutMs = 120_000;

export function openPty(
	args: readonly string[],
	{home, directory = home}: {readonly home: string; readonly directory?: string},
): Pty {
	const child = spawn(process.execPath, [...args], {
		name: 'xterm-256color',
		cols: 120,
		rows: 36,
		cwd: directory,
		env: {PATH: process.env['PATH'], HOME: home, TMPDIR: home, LANG: 'C.UTF-8'},
	});
	let output = '';
	const watchers = new Set<() => void>();
	child.onData(data => {
		output += data;
		for (const watcher of watchers) {
			watcher();
		}
	});
	const {promise: ended, resolve} = Promise.withResolvers<number>();
	child.onExit(() => {
		resolve(performance.now());
	});
	return {
		write(keys) {
			child.write(keys);
		},
		output: () => output,
		async waitFor(text, from = 0) {
			const {promise, resolve: found, reject} = Promise.withResolvers<number>();
			const timer = setTimeout(() => {
				reject(new Error(`never seen: ${text}\n${output.slice(-3_000)}`));
			}, timeoutMs);
			void ended.then(() => {
				reject(new Error(`it ended without ${text}`));
			});
			const look = () => {
				if (output.includes(text, from)) {
					found(performance.now());
				}
			};
			watchers.add(look);
			look();
			try {
				return await promise;
			} finally {
				clearTimeout(timer);
				watchers.delete(look);
			}
		},
		cpuMs: () => cpuMsOf(child.pid),
		residentMiB() {
			const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
			return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
		},
		kill() {
			child.kill('SIGKILL');
		},
		ended,
	};
}

/** User and system time of a process, in ms. */
export function cpuMsOf(pid: number): number {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
	// utime and stime (fields 14 and 15 of proc(5)), in hundredths of a second.
	return 10 * (Number(fields[11]) + Number(fields[12]));
}
