import {existsSync} from 'node:fs';
import {homedir} from 'node:os';
import path from 'node:path';
import {execa} from 'execa';
import type {Environment} from '../core/environment.ts';
import {FailureError} from '../core/failure.ts';

export type GitCall = {
	readonly input?: Buffer | string | undefined;
	/** Variables for this call, on top of the clean environment that every call gets. */
	readonly environment?: Readonly<Record<string, string>> | undefined;
	/** Where the call runs; default: wherever this process does. */
	readonly directory?: string | undefined;
	/** Exit codes beside 0 that are an answer. */
	readonly accept?: readonly number[] | undefined;
	/** Bytes of output that are kept, the rest is cut off. Default 1 GiB. */
	readonly maxBytes?: number | undefined;
};

export type GitResult = {readonly stdout: Buffer; readonly exitCode: number};

export type Git = {
	/** Rejects with a `FailureError` (`internal`, `cancelled`) for an exit code that is no answer. */
	run(args: readonly string[], call?: GitCall): Promise<GitResult>;
	/** The output as one trimmed line. */
	text(args: readonly string[], call?: GitCall): Promise<string>;
	/** The output of a `-z` command: its records, as bytes, because a file name need not be UTF-8. */
	records(args: readonly string[], call?: GitCall): Promise<readonly Buffer[]>;
};

export type GitOptions = {
	/** The repository to work on, or a directory to look for one from. */
	readonly at: {readonly repository: string} | {readonly directory: string};
	readonly signal?: AbortSignal | undefined;
	/** Only what finds programs and the home directory is taken from it. */
	readonly environment: Environment;
	/** Reads the settings of the person and the machine too. For questions about them only. */
	readonly personal?: boolean | undefined;
};

/**
 * Runs git so that nothing but git runs: no hook, file watcher, filter, external diff, editor or
 * question, and no setting of the person or the machine takes part.
 */
export function createGit({at, signal, environment, personal}: GitOptions): Git {
	const place = 'repository' in at ? ['--git-dir', at.repository] : ['-C', at.directory];
	const env = {...cleanEnvironment(environment), ...(personal ? {} : impersonal)};

	const run = async (args: readonly string[], call: GitCall = {}): Promise<GitResult> => {
		const result = await execa('git', [...harmless, ...place, ...args], {
			env: {...env, ...call.environment},
			extendEnv: false,
			encoding: 'buffer',
			stripFinalNewline: false,
			reject: false,
			maxBuffer: call.maxBytes ?? 2 ** 30,
			...(call.input === undefined ? {stdin: 'ignore'} : {input: call.input}),
			...(call.directory === undefined ? {} : {cwd: call.directory}),
			...(signal === undefined ? {} : {cancelSignal: signal}),
		});
		const stdout = Buffer.from(result.stdout);
		if (result.isMaxBuffer && call.maxBytes !== undefined) {
			return {stdout, exitCode: 0};
		}

		if (result.isCanceled) {
			throw new FailureError('cancelled', `git ${args[0] ?? ''} was cancelled`);
		}

		const exitCode = result.exitCode ?? -1;
		if (exitCode !== 0 && !call.accept?.includes(exitCode)) {
			throw gitFailure(args, Buffer.from(result.stderr).toString(), result, call.directory);
		}

		return {stdout, exitCode};
	};

	return {
		run,
		text: async (args, call) => (await run(args, call)).stdout.toString().trim(),
		records: async (args, call) => splitRecords((await run(args, call)).stdout),
	};
}

/** Throws a `FailureError` (`bad-request`) unless git is there and can merge without a checkout. */
export async function requireGit(git: Git): Promise<void> {
	const version = /\d+(\.\d+)*/.exec(await git.text(['version']))?.[0] ?? '0';
	const [major = 0, minor = 0] = version.split('.').map(Number);
	if (major < 2 || (major === 2 && minor < 38)) {
		throw new FailureError('bad-request', `git ${version} is too old`, {hint: newEnough});
	}
}

const newEnough = 'Install git 2.38 or newer and make sure that it is on the PATH';

/** Where git looks for settings of the person that have no name in `git config`. */
export function gitConfigHome(environment: Environment): string {
	return environment['XDG_CONFIG_HOME'] ?? path.join(environment['HOME'] ?? homedir(), '.config');
}

/** The parts of a text whose records end with NUL. */
export function splitRecords(bytes: Buffer): readonly Buffer[] {
	const records: Buffer[] = [];
	for (let start = 0; start < bytes.length;) {
		const end = bytes.indexOf(0, start);
		const stop = end === -1 ? bytes.length : end;
		records.push(bytes.subarray(start, stop));
		start = stop + 1;
	}

	return records;
}

export function joinRecords(records: readonly Buffer[]): Buffer {
	return Buffer.concat(records.flatMap(record => [record, Buffer.of(0)]));
}

const harmless = [
	'core.hooksPath=/dev/null',
	'core.fsmonitor=false',
	'core.untrackedCache=false',
	'core.quotePath=false',
	'core.pager=cat',
	'gc.auto=0',
	'maintenance.auto=false',
	'submodule.recurse=false',
	'commit.gpgSign=false',
	// A directory of somebody else is read all the same: what could run a program is switched off.
	'safe.directory=*',
].flatMap(setting => ['-c', setting]);

const impersonal = {
	GIT_CONFIG_NOSYSTEM: '1',
	GIT_CONFIG_GLOBAL: '/dev/null',
	GIT_ATTR_NOSYSTEM: '1',
};

const author = {name: 'llm-orchestrator', email: 'llm-orchestrator@localhost'};

function cleanEnvironment(environment: Environment): Record<string, string> {
	const kept = ['PATH', 'HOME', 'TMPDIR', 'XDG_CONFIG_HOME'].flatMap(name => {
		const value = environment[name];
		return value === undefined ? [] : [[name, value] as const];
	});
	return {
		...Object.fromEntries(kept),
		LC_ALL: 'C',
		GIT_TERMINAL_PROMPT: '0',
		GIT_EDITOR: ':',
		GIT_ASKPASS: ':',
		GIT_OPTIONAL_LOCKS: '0',
		GIT_LITERAL_PATHSPECS: '1',
		GIT_NO_REPLACE_OBJECTS: '1',
		GIT_AUTHOR_NAME: author.name,
		GIT_AUTHOR_EMAIL: author.email,
		GIT_COMMITTER_NAME: author.name,
		GIT_COMMITTER_EMAIL: author.email,
	};
}

function gitFailure(
	args: readonly string[],
	stderr: string,
	cause: unknown,
	directory: string | undefined,
): FailureError {
	if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
		return directory === undefined || existsSync(directory)
			? new FailureError('bad-request', 'The program git was not found', {hint: newEnough, cause})
			: new FailureError('internal', `The directory ${directory} is gone`, {cause});
	}

	const reason = stderr.trim().split('\n').slice(-3).join('; ');
	return new FailureError('internal', `git ${args[0] ?? ''} failed: ${reason}`, {cause});
}
