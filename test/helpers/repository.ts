import {execFileSync} from 'node:child_process';
import {
	chmodSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	realpathSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {onTestFinished} from 'vitest';

/** A file's content, a link, an executable, or a directory without files. */
export type Content =
	| string
	| Buffer
	| {readonly link: string}
	| {readonly executable: string}
	| {readonly directory: true};

export type Files = Readonly<Record<string, Content>>;

/** An empty directory that is gone after the test. */
export function temporaryDirectory(name = 'work'): string {
	const directory = realpathSync(mkdtempSync(path.join(tmpdir(), `llmo-${name}-`)));
	onTestFinished(() => rmSync(directory, {recursive: true, force: true}));
	return directory;
}

export function writeFiles(root: string, files: Files): void {
	for (const [name, content] of Object.entries(files)) {
		const file = path.join(root, name);
		mkdirSync(path.dirname(file), {recursive: true});
		if (typeof content === 'string' || Buffer.isBuffer(content)) {
			writeFileSync(file, content);
		} else if ('link' in content) {
			rmSync(file, {force: true});
			symlinkSync(content.link, file);
		} else if ('directory' in content) {
			mkdirSync(file, {recursive: true});
		} else {
			writeFileSync(file, content.executable);
			chmodSync(file, 0o755);
		}
	}
}

/** Every file below `root` but those in a `.git`: kind and content as text that can be compared. */
export function readFiles(root: string): Record<string, string> {
	return Object.fromEntries(
		filesBelow(root)
			.filter(name => !name.split('/').includes('.git'))
			.map(name => [name, describeFile(path.join(root, name))]),
	);
}

function filesBelow(root: string, directory = ''): readonly string[] {
	return readdirSync(path.join(root, directory), {withFileTypes: true}).flatMap(entry => {
		const name = path.join(directory, entry.name);
		return entry.isDirectory() ? filesBelow(root, name) : [name];
	});
}

function describeFile(file: string): string {
	const found = lstatSync(file);
	return found.isSymbolicLink()
		? `link ${readlinkSync(file)}`
		: `${(found.mode & 0o100) === 0 ? '' : 'x '}${readFileSync(file).toString('latin1')}`;
}

/** Runs git the way a person does, but with no settings of this machine. */
export function git(directory: string, ...args: readonly string[]): string {
	return execFileSync('git', ['-C', directory, ...args], {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'pipe'],
		env: {
			PATH: process.env['PATH'],
			HOME: directory,
			GIT_CONFIG_NOSYSTEM: '1',
			GIT_CONFIG_GLOBAL: '/dev/null',
			GIT_AUTHOR_NAME: 'Ada',
			GIT_AUTHOR_EMAIL: 'ada@example.org',
			GIT_COMMITTER_NAME: 'Ada',
			GIT_COMMITTER_EMAIL: 'ada@example.org',
			GIT_ALLOW_PROTOCOL: 'file',
		},
	});
}

/** A repository with one commit of the files. */
export function temporaryRepository(files: Files, ...initArgs: readonly string[]): string {
	const root = temporaryDirectory('repository');
	git(root, 'init', '--quiet', '--initial-branch=main', ...initArgs);
	writeFiles(root, files);
	git(root, 'add', '--all');
	git(root, 'commit', '--quiet', '--allow-empty', '--message=first');
	return root;
}

/**
 * Everything inside a `.git`: equal before and after means that nobody wrote there. The time of an
 * object does not count; git renews it when it meets the same content again.
 */
export function gitDirectoryState(root: string): Record<string, string> {
	const gitDirectory = path.join(root, '.git');
	return Object.fromEntries(
		filesBelow(gitDirectory).map(name => {
			const file = path.join(gitDirectory, name);
			const time = name.startsWith('objects/') ? '' : lstatSync(file).mtimeMs;
			return [name, `${time} ${describeFile(file)}`];
		}),
	);
}
