import {existsSync} from 'node:fs';
import {homedir} from 'node:os';
import path from 'node:path';
import {execa} from 'execa';
import type {Environment} from '../core/environment.ts';
import {FailureError} from '../core/failure.ts';

export type GitCall = {
	readonly input?: Buffer | string | undefined;
	/** Variables for this call, in addition to the clean environment of every call. */
	readonly environment?: Readonly<Record<string, string>> | undefined;
	/** Working directory of the call; default: that of this process. */
	readonly directory?: string | undefined;
	/** Exit codes other than 0 that are valid results. */
	readonly accept?: readonly number[] | undefined;
	/** Bytes of output to keep; the rest is cut off. Default 1 GiB. */
	readonly maxBytes?: number | undefined;
};

export type GitResult = {readonly stdout: Buffer; readonly exitCode: number};

export type Git = {
	/** Rejects with a `FailureError` (`internal`, `cancelled`) for an unexpected exit code. */
	run(args: readonly string[], call?: GitCall): Promise<GitResult>;
	/** The output as one trimmed line. */
	text(args: readonly string[], call?: GitCall): Promise<string>;
	/** The records of a `-z` command's output, as bytes, because file names need not be UTF-8. */
	records(args: readonly string[], call?: GitCall): Promise<readonly Buffer[]>;
};

export type GitOptions = {
	/** The repository to work on, or a directory to search for one from. */
	readonly at: {readonly repository: string} | {readonly directory: string};
	readonly signal?: AbortSignal | undefined;
	/** Only the variables to find programs and the home directory are used. */
	readonly environment: Environment;
	/** Also reads the person's and the machine's git config. Only to query that config. */
	readonly personal?: boolean | undefined;
};

/**
 * Runs git in isolation: no hook, file watcher, filter, external diff, editor or prompt, and no
 * config of the person or the machine.
 */
export function createGit({at, signal, environment, personal}: GitOptions): Git {
	const location = 'repository' in at ? ['--git-dir', at.repository] : ['-C', at.directory];
	const env = {...cleanEnvironment(environment), ...(personal ? {} : isolatedConfig)};

	const run = async (args: readonly string[], call: GitCall = {}): Promise<GitResult> => {
		const result = await execa('git', [...safeConfig, ...location, ...args], {
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

/**
 * Throws a `FailureError` (`bad-request`) unless git is installed and can merge without a checkout.
 */
export async function requireGit(git: Git): Promise<void> {
	const version = /\d+(\.\d+)*/.exec(await git.text(['version']))?.[0] ?? '0';
	const [major = 0, minor = 0] = version.split('.').map(Number);
	if (major < 2 || (major === 2 && minor < 38)) {
		throw new FailureError('bad-request', `git ${version} is too old`, {hint: installHint});
	}
}

const installHint = 'Install git 2.38 or newer and make sure it is on the PATH';

/** Where git looks for the person's settings that are not part of `git config`. */
export function gitConfigHome(environment: Environment): string {
	return environment['XDG_CONFIG_HOME'] ?? path.join(environment['HOME'] ?? homedir(), '.config');
}

/** The parts of a text whose records end with NUL. */
function splitRecords(bytes: Buffer): readonly Buffer[] {
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

const safeConfig = [
	'core.hooksPath=/dev/null',
	'core.fsmonitor=false',
	'core.untrackedCache=false',
	'core.quotePath=false',
	'core.pager=cat',
	'gc.auto=0',
	'maintenance.auto=false',
	'submodule.recurse=false',
	'commit.gpgSign=false',
	// Directories of other users are read too, since everything that could run a program is
	// disabled.
	'safe.directory=*',
].flatMap(setting => ['-c', setting]);

const isolatedConfig = {
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
			? new FailureError('bad-request', 'git was not found', {hint: installHint, cause})
			: new FailureError('internal', `The directory ${directory} no longer exists`, {cause});
	}

	const reason = stderr.trim().split('\n').slice(-3).join('; ');
	return new FailureError('internal', `git ${args[0] ?? ''} failed: ${reason}`, {cause});
}
