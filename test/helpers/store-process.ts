import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {onTestFinished} from 'vitest';

/** A process that works on a store, run from `test/helpers/store-<script>.ts`. */
export type StoreProcess = {
	readonly pid: number;
	/** The next line that it prints; rejects when it ends before. */
	readonly nextLine: () => Promise<string>;
	readonly send: (line: string) => void;
	readonly kill: () => void;
	/** Resolves with exit code and signal. */
	readonly ended: Promise<{readonly code: number | null; readonly signal: string | null}>;
};

/** Starts a process and ends it with the running test. */
export function startStoreProcess(
	script: 'writer' | 'racer',
	argv: readonly string[],
): StoreProcess {
	const path = fileURLToPath(new URL(`store-${script}.ts`, import.meta.url));
	const child = spawn(process.execPath, [path, ...argv], {stdio: ['pipe', 'pipe', 'inherit']});
	const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
	const ended = once(child, 'close').then(([code, signal]: unknown[]) => ({
		code: typeof code === 'number' ? code : null,
		signal: typeof signal === 'string' ? signal : null,
	}));
	onTestFinished(async () => {
		child.kill('SIGKILL');
		await ended;
	});

	return {
		pid: child.pid ?? 0,
		async nextLine() {
			const {value, done} = await lines.next();
			if (done) {
				throw new Error(`${script} ended`);
			}
			return value;
		},
		send: line => child.stdin.write(`${line}\n`),
		kill: () => child.kill('SIGKILL'),
		ended,
	};
}
