import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {Readable} from 'node:stream';
import type {Io} from '../../source/commands/process/io.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

export type FakeIo = Io & {
	/** All that was printed, and all that was complained about. */
	readonly out: string[];
	readonly err: string[];
	/** Sends a signal to whoever listens. */
	signal(name: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): void;
};

/** A process without a terminal, with a home of its own and these variables. */
export async function fakeIo(environment: Readonly<Record<string, string>> = {}): Promise<FakeIo> {
	const home = await temporaryDirectory();
	const out: string[] = [];
	const err: string[] = [];
	const listeners = new Set<(name: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => void>();
	return {
		out,
		err,
		environment: {...environment, LLM_ORCHESTRATOR_HOME: home},
		workingDirectory: home,
		userHome: home,
		input: Readable.from([]),
		terminal() {
			throw new Error('a terminal was used, but there is none');
		},
		interactive: false,
		print: text => out.push(text),
		printError: text => err.push(text),
		columns: () => Infinity,
		paint: (_, text) => text,
		openOutput: () => ({write: text => out.push(text), flush: async () => {}}),
		onSignal(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		interrupt: () => undefined,
		exitNow: () => undefined,
		closeLater: () => undefined,
		signal(name) {
			for (const listener of listeners) {
				listener(name);
			}
		},
	};
}

/** A file in the home of a fake process: `homeFile(io, 'config.json')`. */
export function homeFile({environment}: Pick<Io, 'environment'>, name: string): string {
	return path.join(environment['LLM_ORCHESTRATOR_HOME'] ?? '', name);
}

/** Writes the person's configuration. */
export async function writeConfig(io: Pick<Io, 'environment'>, config: object): Promise<void> {
	await writeFile(homeFile(io, 'config.json'), JSON.stringify(config));
}
