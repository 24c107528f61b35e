import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {expect, onTestFinished} from 'vitest';
import {z} from 'zod';
import {
	startModelServer,
	type ModelServer,
	type ModelServerOptions,
	type Script,
} from './model-server.ts';
import {runProgram, startProgram, type ProgramEnd, type StartedProgram} from './program.ts';
import {temporaryDirectory} from './temporary-directory.ts';

type JsonFile = Readonly<Record<string, unknown>>;

/** What a person has at the command line: a home, a project to work in, and servers that models live on. */
export type CommandLine = {
	readonly home: string;
	readonly directory: string;
	serve(script: Script, options?: ModelServerOptions): Promise<ModelServer>;
	call(...words: readonly string[]): Promise<ProgramEnd>;
	/** Makes the team `crew`; options may hold their value behind a blank. */
	create(...options: readonly string[]): Promise<void>;
	/** Runs the task of three files with it, `--json` and all permissions. */
	run(...words: readonly string[]): Promise<ProgramEnd>;
	start(...words: readonly string[]): StartedProgram;
	/** Goes on with that run, `--json`. */
	resume(...words: readonly string[]): Promise<ProgramEnd>;
	/** Edits the file of the team by hand. */
	editTeam(change: (team: JsonFile) => JsonFile): Promise<void>;
	writeConfig(config: JsonFile): Promise<void>;
};

/** @param more variables of the environment beside the keys of the vendors */
export async function openCommandLine(
	more: Readonly<Record<string, string>> = {},
): Promise<CommandLine> {
	const home = await temporaryDirectory();
	const directory = path.join(home, 'project');
	const folder = path.join(home, '.llm-orchestrator');
	await mkdir(directory);
	const environment = {ANTHROPIC_API_KEY: 'test-key-anthropic', OPENAI_API_KEY: 'test-key-openai'};
	const options = {home, directory, environment: {...environment, ...more}};
	const call = async (...words: readonly string[]) => runProgram(words, options);
	return {
		home,
		directory,
		async serve(script, serverOptions) {
			const server = await startModelServer(script, serverOptions);
			onTestFinished(async () => server.close());
			return server;
		},
		call,
		async create(...given) {
			const end = await call('create', 'crew', ...given.flatMap(option => option.split(' ')));
			expect(end.code, end.err).toBe(0);
		},
		run: async (...words) => call(...runWords, '--json', ...words),
		start: (...words) => startProgram([...runWords, '--json', ...words], options),
		resume: async (...words) => call('resume', 'last', '--json', ...words),
		async editTeam(change) {
			const file = path.join(folder, 'teams', 'crew', 'config.json');
			const team = fileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
			await writeFile(file, JSON.stringify(change(team)));
		},
		async writeConfig(config) {
			await mkdir(folder, {recursive: true, mode: 0o700});
			await writeFile(path.join(folder, 'config.json'), JSON.stringify(config));
		},
	};
}

const fileSchema = z.record(z.string(), z.unknown());

/** The task of three files, for the team `crew`. */
export const runWords = ['run', 'crew', 'write three files', '--permission', 'all'];
