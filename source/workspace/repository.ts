import {copyFile, mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {excludeRules} from './exclude-rules.ts';
import type {SourceDirectory} from './source-directory.ts';
import {copyIndex} from './stage-files.ts';

/**
 * Bytes are kept unchanged: no end-of-line conversion, filter, keyword or encoding. This file
 * overrides every `.gitattributes`. https://git-scm.com/docs/gitattributes
 */
const exactBytes = '* -text -eol -crlf -filter -ident -working-tree-encoding\n';

/** The config of every repository that we create. */
function repositoryConfig(bare: boolean, objectFormat: string): string {
	const other = objectFormat !== 'sha1';
	return [
		'[core]',
		`\trepositoryFormatVersion = ${other ? 1 : 0}`,
		`\tbare = ${bare}`,
		'\tfileMode = true',
		'\tsymlinks = true',
		'\tautocrlf = false',
		'\tsafecrlf = false',
		'\tlogAllRefUpdates = false',
		'\texcludesFile = /dev/null',
		'\tattributesFile = /dev/null',
		// Not for each file: `createSync` makes everything durable when it matters.
		'\tfsync = none',
		'\tprecomposeUnicode = false',
		'[gc]',
		'\tauto = 0',
		'[user]',
		'\tname = llm-orchestrator',
		'\temail = llm-orchestrator@localhost',
		...(other ? ['[extensions]', `\tobjectFormat = ${objectFormat}`] : []),
		'',
	].join('\n');
}

/**
 * Creates or updates the run's own bare repository. It borrows the objects of the person's
 * repository and writes its own.
 */
export async function createRepository(
	repository: string,
	source: SourceDirectory,
	workDirectory: string,
): Promise<void> {
	const format = source.repository?.objectFormat ?? 'sha1';
	await createLayout(repository);
	await writeFile(path.join(repository, 'config'), repositoryConfig(true, format));
	await writeFile(path.join(repository, 'HEAD'), 'ref: refs/heads/integration\n');
	await writeFile(path.join(repository, 'info/attributes'), exactBytes);
	await writeFile(path.join(repository, 'info/exclude'), await excludeRules(source, workDirectory));
	if (source.repository !== undefined) {
		await borrowObjects(repository, source.repository.objects);
		await copyIfExists(source.repository.shallow, path.join(repository, 'shallow'));
	}
}

/** A small repository inside an attempt's directory, so that git works for the commands there. */
export async function createAttemptRepository(
	gitDirectory: string,
	repository: string,
	{
		base,
		index,
		objectFormat,
	}: {readonly base: string; readonly index: string; readonly objectFormat: string},
): Promise<void> {
	await createLayout(gitDirectory);
	await borrowObjects(gitDirectory, path.join(repository, 'objects'));
	await writeFile(path.join(gitDirectory, 'config'), repositoryConfig(false, objectFormat));
	await writeFile(path.join(gitDirectory, 'refs/heads/attempt'), `${base}\n`);
	for (const name of ['info/attributes', 'info/exclude', 'shallow']) {
		await copyIfExists(path.join(repository, name), path.join(gitDirectory, name));
	}

	await copyIndex(index, path.join(gitDirectory, 'index'));
	await writeFile(path.join(gitDirectory, 'HEAD'), 'ref: refs/heads/attempt\n');
}

async function createLayout(repository: string): Promise<void> {
	for (const name of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'info']) {
		await mkdir(path.join(repository, name), {recursive: true});
	}
}

/**
 * https://git-scm.com/docs/gitrepository-layout: a line that begins with `"` is unquoted like in C.
 */
async function borrowObjects(repository: string, objects: string): Promise<void> {
	const quoted = objects.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');
	await writeFile(path.join(repository, 'objects/info/alternates'), `"${quoted}"\n`);
}

async function copyIfExists(from: string, to: string): Promise<void> {
	try {
		await copyFile(from, to);
	} catch (error) {
		if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
			throw error;
		}
	}
}
