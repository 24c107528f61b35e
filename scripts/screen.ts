import {spawn} from '@lydell/node-pty';
import xterm from '@xterm/headless';

/** A program on a pseudo-terminal, and what a person would see of it. */
export type Screen = {
	readonly terminal: InstanceType<typeof xterm.Terminal>;
	/** Resolves once the screen matches; rejects after 60 s. */
	waitFor(what: RegExp): Promise<void>;
	type(keys: string): void;
	close(): Promise<void>;
};

export type ScreenOptions = {
	readonly columns: number;
	readonly rows: number;
	readonly directory: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
};

const timeoutMs = 60_000;

export function openScreen(
	command: string,
	args: readonly string[],
	{columns, rows, directory, environment}: ScreenOptions,
): Screen {
	const terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
	const child = spawn(command, [...args], {
		name: 'xterm-256color',
		cols: columns,
		rows,
		cwd: directory,
		env: {...environment},
	});
	const watchers = new Set<() => void>();
	child.onData(data => {
		terminal.write(data, () => {
			for (const watcher of watchers) {
				watcher();
			}
		});
	});
	const ended = new Promise<void>(resolve => {
		child.onExit(() => {
			resolve();
		});
	});
	return {
		terminal,
		async waitFor(what) {
			const {promise, resolve, reject} = Promise.withResolvers<void>();
			const timer = setTimeout(() => {
				reject(new Error(`never seen: ${String(what)}\n${textOf(terminal)}`));
			}, timeoutMs);
			const look = () => {
				if (what.test(textOf(terminal))) {
					resolve();
				}
			};
			watchers.add(look);
			look();
			try {
				await promise;
			} finally {
				clearTimeout(timer);
				watchers.delete(look);
			}
		},
		type(keys) {
			child.write(keys);
		},
		async close() {
			child.kill('SIGKILL');
			await ended;
			terminal.dispose();
		},
	};
}

function textOf({buffer: {active}, rows}: Screen['terminal']): string {
	return Array.from(
		{length: rows},
		(_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '',
	).join('\n');
}
