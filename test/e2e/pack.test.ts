import {mkdir, readFile, readdir, writeFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {expect, test} from 'vitest';
import {programEnvironment} from '../helpers/program.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

test('the package installs into an empty folder, and both the program and the library work from there', async () => {
	const home = await temporaryDirectory();
	const folder = path.join(home, 'folder');
	await mkdir(folder);
	await execa('npm', ['pack', '--ignore-scripts', '--pack-destination', home], {cwd: checkout});
	const tarball = (await readdir(home)).find(file => file.endsWith('.tgz')) ?? '';

	const {stdout} = await execa('tar', ['-tzf', tarball], {cwd: home});
	const files = stdout.split('\n');
	expect(files).toEqual(
		expect.arrayContaining([
			'package/package.json',
			'package/dist/cli.js',
			'package/dist/index.js',
			'package/dist/types/index.d.ts',
			'package/dist/demo-project/package.json',
			'package/docs/show.schema.json',
			'package/docs/runs.schema.json',
			'package/examples/follow.sh',
			'package/examples/follow.mjs',
			'package/examples/follow.py',
		]),
	);
	const strangers = files.filter(
		file =>
			!/^package\/(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|dist\/|docs\/|examples\/\w+\.(?:ts|mjs|py|sh)$)/.test(
				file,
			) ||
			/^(?!package\/examples\/).*(?<!\.d)\.ts$|\.map$|\/source\/|\/\.git|\.env|scripted-team/.test(
				file,
			) ||
			(/\.test\./.test(file) && !file.startsWith('package/dist/demo-project/')),
	);
	expect(strangers).toEqual([]);

	await writeFile(path.join(folder, 'package.json'), '{"private": true, "type": "module"}');
	const install = ['install', '--no-audit', '--no-fund', '--prefer-offline'];
	await execa('npm', [...install, path.join(home, tarball)], {cwd: folder});
	const installed = path.join(folder, 'node_modules/llm-orchestrator');
	await expectNothingOf(checkout, installed);

	const {version} = JSON.parse(await readFile(path.join(checkout, 'package.json'), 'utf8'));
	const program = path.join(folder, 'node_modules/.bin/llm-orchestrator');
	const run = execa({
		cwd: folder,
		extendEnv: false,
		env: {
			...programEnvironment(home),
			PATH: `${path.dirname(process.execPath)}:${process.env['PATH']}`,
		},
	});
	expect((await run`${program} --version`).stdout).toBe(version);
	const demo = await run`${program} demo --fast`;
	expect(demo.stderr).toMatch(/completed: .* → llm-orchestrator undo \S+$/);

	await writeFile(
		path.join(folder, 'library.js'),
		`import {parsePlan} from 'llm-orchestrator';
const cycle = ['a', 'b'].map((id, index, ids) => ({id, title: id, instructions: id, dependsOn: [ids[1 - index]]}));
console.log(JSON.stringify(parsePlan({summary: 's', subtasks: cycle})));`,
	);
	const library = await run`${process.execPath} library.js`;
	expect(JSON.parse(library.stdout)).toMatchObject({
		ok: false,
		problems: [{message: expect.stringContaining('cycle')}],
	});
});

/** No file names this machine: not the checkout, not the person's home. */
async function expectNothingOf(place: string, folder: string): Promise<void> {
	const entries = await readdir(folder, {recursive: true, withFileTypes: true});
	const files = entries.filter(entry => entry.isFile());
	expect(files.length).toBeGreaterThan(5);
	const homes = homedir() === '/' ? [] : [`${homedir()}/`];
	for (const {name, parentPath} of files) {
		const text = await readFile(path.join(parentPath, name), 'utf8');
		for (const word of [place, '/node_modules/.bin', ...homes]) {
			expect(text.includes(word), `${name} holds ${word}`).toBe(false);
		}
	}
}
