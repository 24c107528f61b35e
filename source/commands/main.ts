import type {ErrorLine} from '../core/printed-lines.ts';
import {didYouMean} from '../core/nearest-name.ts';
import {revealHidden} from '../core/text.ts';
import {UsageError} from '../core/usage-error.ts';
import type {Command} from './argv/command.ts';
import {describeError} from './process/exit.ts';
import type {Io} from './process/io.ts';
import {restoreNpmFlags} from './argv/npm-flags.ts';
import {parseArguments} from './argv/parse-arguments.ts';
import {isNpmScript} from './process/npm-script.ts';
import {printJson} from './services/checked-output.ts';

/** All commands, loaded on demand. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
	demo: async () => (await import('./demo.ts')).demoCommand,
	init: async () => (await import('./init.ts')).initCommand,
	create: async () => (await import('./create.ts')).createCommand,
	list: async () => (await import('./teams.ts')).listCommand,
	delete: async () => (await import('./teams.ts')).deleteCommand,
	run: async () => (await import('./run.ts')).runCommand,
	resume: async () => (await import('./resume.ts')).resumeCommand,
	runs: async () => (await import('./runs.ts')).runsCommand,
	show: async () => (await import('./show.ts')).showCommand,
	undo: async () => (await import('./undo.ts')).undoCommand,
	approve: async () => (await import('./steer.ts')).approveCommand,
	reject: async () => (await import('./steer.ts')).rejectCommand,
	cancel: async () => (await import('./steer.ts')).cancelCommand,
	send: async () => (await import('./steer.ts')).sendCommand,
	interrupt: async () => (await import('./steer.ts')).interruptCommand,
	pause: async () => (await import('./steer.ts')).pauseCommand,
	unpause: async () => (await import('./steer.ts')).unpauseCommand,
	retry: async () => (await import('./steer.ts')).retryCommand,
	attach: async () => (await import('./attach.ts')).attachCommand,
	watch: async () => (await import('./watch.ts')).watchCommand,
	replay: async () => (await import('./replay.ts')).replayCommand,
	completion: async () =>
		(await import('./completion.ts')).createCompletionCommand(commandNames, loadCommand),
	'test-provider': async () => (await import('./test-provider.ts')).testProviderCommand,
	doctor: async () => (await import('./doctor.ts')).doctorCommand,
};

export const commandNames: readonly string[] = Object.keys(commands);

/** Loads a command; `undefined` when there is none of that name. */
export async function loadCommand(name: string): Promise<Command | undefined> {
	return Object.hasOwn(commands, name) ? commands[name]?.() : undefined;
}

/** Runs the command named by the arguments. Returns the exit code; errors are printed, not thrown. */
export async function main(args: readonly string[], io: Io): Promise<number> {
	try {
		const [name = '', ...rest] = args;
		const command = await loadCommand(name);
		if (!command) {
			throw new UsageError(`unknown command "${name}"${didYouMean(name, commandNames)}`, helpHint);
		}

		const words = isNpmScript(io.environment)
			? restoreNpmFlags(rest, command, io.environment)
			: rest;
		return await command.run(parseArguments(words, command), io);
	} catch (error) {
		const {text, message, hint, exitCode} = describeError(error);
		io.printError(revealHidden(text));
		if (asksForJson(args)) {
			const line: ErrorLine = {v: 1, type: 'error', message, hint, exitCode};
			// Output that cannot be written may be what went wrong.
			await printJson(line, io).catch(() => undefined);
		}

		if (io.environment['DEBUG']?.includes('llm-orchestrator') === true && error instanceof Error) {
			io.printError(error.stack ?? '');
		}

		return exitCode;
	}
}

/** Whether a program reads the output, even if the arguments are otherwise wrong. */
function asksForJson(args: readonly string[]): boolean {
	const end = args.indexOf('--');
	return (end === -1 ? args : args.slice(0, end)).includes('--json');
}

const helpHint = 'see: llm-orchestrator --help';
