import leven from 'leven';
import meow from 'meow';
import {UsageError} from '../core/usage-error.ts';
import type {Command, CommandInput} from './command.ts';
import {complaintOf} from './exit.ts';
import {flagName} from './flags.ts';
import type {Io} from './io.ts';
import {restoreNpmFlags} from './npm-flags.ts';

/** Every command, loaded when it is called. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
	demo: async () => (await import('./demo.ts')).demoCommand,
	init: async () => (await import('./init.ts')).initCommand,
	create: async () => (await import('./teams.ts')).createCommand,
	list: async () => (await import('./teams.ts')).listCommand,
	delete: async () => (await import('./teams.ts')).deleteCommand,
	run: async () => (await import('./run.ts')).runCommand,
	resume: async () => (await import('./resume.ts')).resumeCommand,
	runs: async () => (await import('./runs.ts')).runsCommand,
	show: async () => (await import('./runs.ts')).showCommand,
	undo: async () => (await import('./undo.ts')).undoCommand,
	approve: async () => (await import('./steer.ts')).approveCommand,
	reject: async () => (await import('./steer.ts')).rejectCommand,
	cancel: async () => (await import('./steer.ts')).cancelCommand,
	'test-provider': async () => (await import('./test-provider.ts')).testProviderCommand,
	doctor: async () => (await import('./doctor.ts')).doctorCommand,
};

export const commandNames: readonly string[] = Object.keys(commands);

/** A command by its name; `undefined` when there is none. */
export async function loadCommand(name: string): Promise<Command | undefined> {
	return Object.hasOwn(commands, name) ? commands[name]?.() : undefined;
}

/** Runs the command that the arguments name. Returns the exit code; errors are told, not thrown. */
export async function main(args: readonly string[], io: Io): Promise<number> {
	try {
		const [name = '', ...rest] = args;
		const command = await loadCommand(name);
		if (!command) {
			throw new UsageError(
				`there is no command "${name}"${suggestion(name, commandNames)}`,
				helpHint,
			);
		}

		const started = io.environment['npm_lifecycle_event'] === 'orchestrator';
		const words = started ? restoreNpmFlags(rest, command, io.environment) : rest;
		return await command.run(parse(words, command), io);
	} catch (error) {
		const {text, exitCode} = complaintOf(error);
		io.complain(text);
		if (io.environment['DEBUG']?.includes('llm-orchestrator') === true && error instanceof Error) {
			io.complain(error.stack ?? '');
		}

		return exitCode;
	}
}

const helpHint = 'see: llm-orchestrator --help';

function parse(args: readonly string[], command: Command): CommandInput {
	const {input, flags} = meow({
		importMeta: import.meta,
		argv: [...args],
		flags: Object.fromEntries(
			Object.entries(command.flags).map(([name, flag]) => [name, {...flag}]),
		),
		autoHelp: false,
		autoVersion: false,
	});
	const given = Object.entries(flags).filter(([, value]) => value !== undefined);
	const known = Object.keys(command.flags);
	for (const [flag] of given) {
		if (!known.includes(flag)) {
			const nearest = suggestion(flagName(flag), known.map(flagName));
			throw new UsageError(
				`${command.name} has no option ${flag.length === 1 ? `-${flag}` : flagName(flag)}${nearest}`,
				`see: llm-orchestrator ${command.name} --help`,
			);
		}
	}

	const {min, max} = command.words;
	if (input.length < min || input.length > max) {
		const what = input.length < min ? 'something is missing' : `"${input[max] ?? ''}" is too much`;
		throw new UsageError(
			`${command.name}: ${what}`,
			`see: llm-orchestrator ${command.name} --help`,
		);
	}

	return {words: input.map(String), flags: Object.fromEntries(given)};
}

/** `; did you mean "run"?` where something is near enough. */
function suggestion(word: string, candidates: readonly string[]): string {
	const [nearest] = candidates
		.map(candidate => ({candidate, distance: leven(word, candidate)}))
		.filter(({candidate, distance}) => distance <= Math.max(2, candidate.length / 3))
		.sort((a, b) => a.distance - b.distance);
	return nearest ? `; did you mean "${nearest.candidate}"?` : '';
}
