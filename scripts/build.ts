import {cp, mkdir, readFile, rm, writeFile, chmod} from 'node:fs/promises';
import {existsSync} from 'node:fs';
import path from 'node:path';
import {build, type Plugin} from 'esbuild';
import {execa} from 'execa';
import {z} from 'zod';

/*
 * Bundles the program (with its libraries, so that it starts fast and has no dependencies) and the
 * library; writes its types, the sample project and the licenses of the bundled packages.
 */
const root = path.join(import.meta.dirname, '..');
const out = path.join(root, 'dist');
const manifestSchema = z.looseObject({
	name: z.string(),
	version: z.string(),
	license: z.string().optional(),
});

async function readManifest(folder: string): Promise<z.infer<typeof manifestSchema>> {
	return manifestSchema.parse(
		JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')),
	);
}

/** Makes loading Ink cheaper; the build fails if Ink no longer contains the replaced code. */
const leanInk: Plugin = {
	name: 'lean-ink',
	setup({onLoad, onResolve}) {
		// Fetching yoga's wasm from its data URL would load Node's entire HTTP client.
		onLoad({filter: /yoga-wasm-base64-esm\.js$/}, async ({path: file}) => {
			const text = await readFile(file, 'utf8');
			const fetches = '"function"!=typeof fetch?';
			if (!text.includes(fetches)) {
				throw new Error(`${file} no longer contains the replaced fetch: adapt the build`);
			}

			return {contents: text.replace(fetches, 'true?'), loader: 'js'};
		});
		// Only needed by its development tools, and it starts processes to determine the size of a
		// terminal without one.
		onResolve({filter: /^(?:react-devtools-core|terminal-size)$/}, ({path: name}) => ({
			path: name,
			namespace: 'stub',
		}));
		onLoad({filter: /.*/, namespace: 'stub'}, () => ({
			contents: 'export default () => ({columns: 80, rows: 24});',
			loader: 'js',
		}));
	},
};

/**
 * Leaves out what meow loads to read a `package.json` (we give it ours), half of what starting it
 * costs; the build fails if meow no longer contains the replaced code.
 */
const leanMeow: Plugin = {
	name: 'lean-meow',
	setup({onLoad}) {
		onLoad({filter: /meow\/build\/dependencies\.js$/}, async ({path: file}) => {
			const text = await readFile(file, 'utf8');
			const loads = /= require(?:Normalize|Lib\$1)\(\);/g;
			if (text.match(loads)?.length !== 2) {
				throw new Error(`${file} no longer contains the replaced loading: adapt the build`);
			}

			return {contents: text.replaceAll(loads, '= {};'), loader: 'js'};
		});
	},
};

async function bundle(): Promise<readonly string[]> {
	const {version} = await readManifest(root);
	const {metafile} = await build({
		absWorkingDir: root,
		entryPoints: {cli: 'source/cli.ts', index: 'source/index.ts'},
		outdir: 'dist',
		bundle: true,
		splitting: true,
		format: 'esm',
		platform: 'node',
		target: 'node22.18',
		chunkNames: 'chunks/[name]-[hash]',
		minifySyntax: true,
		legalComments: 'none',
		define: {__VERSION__: JSON.stringify(version), 'process.env.NODE_ENV': '"production"'},
		// Some libraries are CommonJS and load Node's modules with `require`.
		banner: {
			js: "import {createRequire as __createRequire} from 'node:module';const require=__createRequire(import.meta.url);",
		},
		plugins: [leanInk, leanMeow],
		jsx: 'automatic',
		metafile: true,
		logLevel: 'warning',
	});
	return Object.keys(metafile.inputs).filter(input => !input.startsWith('stub:'));
}

/** The folders of the bundled packages. */
function packagesOf(inputs: readonly string[]): readonly string[] {
	const folders = inputs.flatMap(input => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []);
	return [...new Set(folders)].sort();
}

async function writeLicenses(inputs: readonly string[]): Promise<void> {
	const texts = await Promise.all(
		packagesOf(inputs).map(async folder => {
			const {name, version, license} = await readManifest(path.join(root, folder));
			const file = [
				'LICENSE',
				'LICENSE.md',
				'LICENSE.txt',
				'license',
				'license.md',
				'LICENCE',
				'LICENSE-MIT',
			]
				.map(candidate => path.join(root, folder, candidate))
				.find(existsSync);
			const text =
				file === undefined ? `License: ${license ?? 'unknown'}` : await readFile(file, 'utf8');
			// Those of the packages that it bundles itself.
			const contained = path.join(root, folder, 'build/licenses.md');
			const more = existsSync(contained) ? await readFile(contained, 'utf8') : '';
			return `${name} ${version}\n\n${`${text.trim()}\n\n${more}`.trim()}\n`;
		}),
	);
	await writeFile(
		path.join(out, 'THIRD-PARTY-LICENSES.txt'),
		texts.join(`\n${'-'.repeat(80)}\n\n`),
	);
}

await rm(out, {recursive: true, force: true});
await mkdir(out, {recursive: true});
const inputs = await bundle();
await Promise.all([
	writeLicenses(inputs),
	cp(path.join(root, 'source/demo/project'), path.join(out, 'demo-project'), {recursive: true}),
	chmod(path.join(out, 'cli.js'), 0o755),
	execa('tsc', ['-p', 'tsconfig.types.json'], {cwd: root, preferLocal: true, stdio: 'inherit'}),
]);
