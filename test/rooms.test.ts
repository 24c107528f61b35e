import {cp, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {expect, test} from 'vitest';
import {z} from 'zod';
import {temporaryDirectory} from './helpers/temporary-directory.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const report = z.object({diagnostics: z.array(z.object({code: z.string(), filename: z.string()}))});

/** The files that the linter refuses for their imports, among some that are added to a copy of the sources. */
async function refusedAmong(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
	const copy = await temporaryDirectory();
	await Promise.all(
		['source', 'oxlint.config.ts', 'rooms.ts', 'package.json', 'tsconfig.json'].map(async name =>
			cp(path.join(root, name), path.join(copy, name), {recursive: true}),
		),
	);
	await symlink(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
	for (const [file, text] of Object.entries(files)) {
		await writeFile(path.join(copy, file), text);
	}

	const {stdout} = await execa('oxlint', ['--format', 'json', 'source'], {
		cwd: copy,
		preferLocal: true,
		reject: false,
	});
	return report
		.parse(JSON.parse(stdout))
		.diagnostics.filter(({code}) => code.includes('no-restricted-imports'))
		.map(({filename}) => filename);
}

test('the linter catches imports that the table of rooms forbids, and no others', async () => {
	const refused = await refusedAmong({
		'source/core/value.ts': "import {main} from '../commands/main.ts';\n\nexport const a = main;\n",
		'source/core/type.ts': "import type {Io} from '../commands/io.ts';\n\nexport type A = Io;\n",
		'source/store/dynamic.ts': "export const a = async () => import('../engine/run.ts');\n",
		'source/engine/inner.ts':
			"import {editFile} from '../tools/edit-file.ts';\n\nexport const a = editFile;\n",
		'source/engine/interface-value.ts':
			"import {ProviderError} from '../providers/provider.ts';\n\nexport const a = ProviderError;\n",
		'source/agents/package.ts': "import OpenAi from 'openai';\n\nexport const a = OpenAi;\n",
		'source/engine/allowed.ts':
			"import type {Tool} from '../tools/tool.ts';\n\nexport type A = Tool;\n",
	});
	expect(refused.toSorted()).toEqual([
		'source/agents/package.ts',
		'source/core/type.ts',
		'source/core/value.ts',
		'source/engine/inner.ts',
		'source/engine/interface-value.ts',
		'source/store/dynamic.ts',
	]);
});
