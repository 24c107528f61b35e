import {spawn} from 'node:child_process';
import {randomUUID} from 'node:crypto';
import {once} from 'node:events';
import {StringDecoder} from 'node:string_decoder';
import {setTimeout as wait} from 'node:timers/promises';
import type {Environment} from '../core/environment.ts';
import {FailureError} from '../core/failure.ts';
import {commandEnvironment} from './command-environment.ts';
import {createOutputWindow} from './output-window.ts';
import {killCommandsOf, killProcessTree} from './process-tree.ts';
import type {CommandResult, Sandbox} from './sandbox.ts';

export type UnconfinedOptions = {
	/** Source of the few variables that commands see, usually the program's own. */
	readonly environment: Environment;
	/** Time between asking a process to end and killing it, in ms. Default 2000. */
	readonly graceMs?: number | undefined;
	/** A command that outputs more bytes is killed. Default 1 GiB. */
	readonly maxTotalBytes?: number | undefined;
	/** Owner of the commands: a later process of the same owner finds leftovers. */
	readonly owner?: string | undefined;
	readonly createId?: (() => string) | undefined;
	/** Monotonic time in ms. */
	readonly now?: (() => number) | undefined;
};

/** Runs commands as the person would: with their permissions, on all their files, with network. */
export function createUnconfinedSandbox(options: UnconfinedOptions): Sandbox {
	const {
		environment,
		graceMs = 2000,
		maxTotalBytes = 1024 * 1024 * 1024,
		owner = randomUUID(),
		createId = randomUUID,
		now = () => performance.now(),
	} = options;

	return {
		confinement: {backend: 'none', label: 'UNSANDBOXED', confined: false},

		killLeftovers: async () => killCommandsOf(`${owner}:`, graceMs),

		async run(spec, {signal, onOutput}) {
			const startedAt = now();
			const window = createOutputWindow(spec.maxOutputBytes ?? 64 * 1024);
			const result = (
				endedBy: CommandResult['endedBy'],
				exitCode: number | null,
			): CommandResult => ({
				exitCode,
				endedBy,
				output: window.text(),
				outputBytes: window.bytes(),
				durationMs: now() - startedAt,
			});
			if (signal.aborted) {
				return result('abort', null);
			}

			const cookie = `${owner}:${createId()}`;
			const child = spawn('/bin/sh', ['-c', sharedOutput, 'sh', spec.command], {
				cwd: spec.directory,
				env: commandEnvironment(environment, spec.environment ?? {}, cookie),
				stdio: ['ignore', 'pipe', 'ignore'],
				detached: true,
			});
			const exited = once(child, 'exit');
			const closed = once(child.stdout, 'close');
			const group = child.pid;
			if (group === undefined) {
				const cause: unknown = await exited.catch((error: unknown) => error);
				throw new FailureError(
					'tool-failed',
					`The command could not be started in ${spec.directory}`,
					{cause},
				);
			}

			const stopped = Promise.withResolvers<'timeout' | 'abort' | 'output-limit'>();
			const timer = setTimeout(
				() => stopped.resolve('timeout'),
				Math.min(spec.timeoutMs, maxTimerMs),
			);
			const onAbort = () => stopped.resolve('abort');
			signal.addEventListener('abort', onAbort, {once: true});

			const decoder = new StringDecoder();
			child.stdout.on('data', (chunk: Buffer) => {
				window.add(chunk);
				onOutput?.(decoder.write(chunk));
				if (window.bytes() > maxTotalBytes) {
					child.stdout.pause();
					stopped.resolve('output-limit');
				}
			});

			try {
				const reason = await Promise.race([stopped.promise, exited.then(() => undefined)]);
				await killProcessTree({group, cookie}, graceMs);
				// The pipe closes with its last holder; don't wait for one that could not be
				// killed.
				await Promise.race([Promise.all([exited, closed]), wait(lastOutputMs)]);
				if (reason !== undefined) {
					return result(reason, null);
				}

				return child.signalCode === null ? result('exit', child.exitCode) : result('signal', null);
			} finally {
				clearTimeout(timer);
				signal.removeEventListener('abort', onAbort);
				child.stdout.destroy();
				child.unref();
			}
		},
	};
}

/** Both outputs through one pipe, to keep their order. */
const sharedOutput = 'exec /bin/sh -c "$1" 2>&1';

const maxTimerMs = 2 ** 31 - 1;

const lastOutputMs = 500;
