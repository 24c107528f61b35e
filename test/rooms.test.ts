import {cp, mkdir, readdir, readFile, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {expect, test} from 'vitest';
import {z} from 'zod';
import {processEdge, processFiles} from '../rooms.ts';
import {createGraph, findCycles, type GraphNode} from '../source/core/graph.ts';
import {temporaryDirectory} from './helpers/temporary-directory.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const report = z.object({diagnostics: z.array(z.object({code: z.string(), filename: z.string()}))});

/** The files that the linter refuses by some rules, among some that are added to a copy of the sources. */
async function refusedAmong(
	files: Readonly<Record<string, string>>,
	rules: RegExp,
): Promise<readonly string[]> {
	const copy = await temporaryDirectory();
	await Promise.all(
		['source', 'oxlint.config.ts', 'rooms.ts', 'package.json', 'tsconfig.json'].map(async name =>
			cp(path.join(root, name), path.join(copy, name), {recursive: true}),
		),
	);
	await symlink(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
	for (const [file, text] of Object.entries(files)) {
		await mkdir(path.dirname(path.join(copy, file)), {recursive: true});
		await writeFile(path.join(copy, file), text);
	}

	const {stdout} = await execa('oxlint', ['--format', 'json', 'source'], {
		cwd: copy,
		preferLocal: true,
		reject: false,
	});
	return report
		.parse(JSON.parse(stdout))
		.diagnostics.filter(({code}) => rules.test(code))
		.map(({filename}) => filename);
}

test('the linter catches imports that the table of rooms forbids, and no others', async () => {
	const refused = await refusedAmong(
		{
			'source/core/value.ts':
				"import {main} from '../commands/main.ts';\n\nexport const a = main;\n",
			'source/core/type.ts': "import type {Io} from '../commands/io.ts';\n\nexport type A = Io;\n",
			'source/store/dynamic.ts': "export const a = async () => import('../engine/run.ts');\n",
			'source/engine/inner.ts':
				"import {editFile} from '../tools/edit-file.ts';\n\nexport const a = editFile;\n",
			'source/engine/deep-inner.ts':
				"import type {A} from '../tools/inside/deeper/a.ts';\n\nexport type B = A;\n",
			'source/tools/inside/deeper/a.ts': 'export type A = string;\n',
			'source/engine/schedule/inner.ts':
				"import {createFileStore} from '../../store/file/store.ts';\n\nexport const a = createFileStore;\n",
			'source/engine/interface-value.ts':
				"import {ProviderError} from '../providers/provider.ts';\n\nexport const a = ProviderError;\n",
			'source/agents/package.ts': "import OpenAi from 'openai';\n\nexport const a = OpenAi;\n",
			'source/engine/allowed.ts':
				"import type {Tool} from '../tools/tool.ts';\n\nexport type A = Tool;\n",
		},
		/no-restricted-imports/,
	);
	expect(refused.toSorted()).toEqual([
		'source/agents/package.ts',
		'source/core/type.ts',
		'source/core/value.ts',
		'source/engine/deep-inner.ts',
		'source/engine/inner.ts',
		'source/engine/interface-value.ts',
		'source/engine/schedule/inner.ts',
		'source/store/dynamic.ts',
	]);
});

test('the linter keeps the process to the edge, and to the files that the table names', async () => {
	const refused = await refusedAmong(
		{
			'source/core/pid.ts': 'export const a = process.pid;\n',
			'source/tools/imported.ts': "import {pid} from 'node:process';\n\nexport const a = pid;\n",
			'source/sandbox/process-tree.ts': 'export const a = process.env;\n',
			'source/ui/job-control.ts': 'export const a = () => process.exit(1);\n',
			'source/store/file/identity.ts': 'export const a = process.pid;\n',
			'source/commands/process/io.ts': 'export const a = process.env;\n',
		},
		/no-restricted-(?:globals|properties|imports)/,
	);
	expect(refused.toSorted()).toEqual([
		'source/core/pid.ts',
		'source/sandbox/process-tree.ts',
		'source/tools/imported.ts',
		'source/ui/job-control.ts',
	]);
});

test('the table names only files that use the process', async () => {
	const texts = await Promise.all(
		[...processEdge, ...Object.keys(processFiles)].map(async file =>
			readFile(path.join(root, file), 'utf8'),
		),
	);
	expect(texts.filter(text => !/\bprocess\./.test(text))).toEqual([]);
});

test('no files import each other in a circle, be it for types or when they are needed', async () => {
	const imports = await importsBetween(path.join(root, 'source'));
	expect(findCycles(createGraph(imports))).toEqual([]);
});

test('a circle that a dynamic import closes is found', async () => {
	const directory = await temporaryDirectory();
	await writeFile(path.join(directory, 'a.ts'), "import type {B} from './b.ts';\n");
	await writeFile(path.join(directory, 'b.ts'), "const a = async () => import('./a.ts');\n");
	const imports = await importsBetween(directory);
	expect(findCycles(createGraph(imports))).toHaveLength(1);
});

/** Which files of a directory each of its files imports; the linter does not follow dynamic imports. */
async function importsBetween(directory: string): Promise<readonly GraphNode[]> {
	const files = (await readdir(directory, {recursive: true})).filter(file => /\.tsx?$/.test(file));
	return Promise.all(
		files.map(async id => {
			const text = await readFile(path.join(directory, id), 'utf8');
			const dependsOn = [...text.matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(
				([, target = '']) => path.join(path.dirname(id), target),
			);
			return {id, dependsOn};
		}),
	);
}
