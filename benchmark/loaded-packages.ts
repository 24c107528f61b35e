import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {z} from 'zod';

/**
 * Runs in the process before its program: writes the URLs of all modules to a fourth pipe at the
 * end.
 */
const recorder = `
import {writeSync} from 'node:fs';
import {registerHooks} from 'node:module';
const urls = new Set();
registerHooks({
	resolve(specifier, context, next) {
		const resolved = next(specifier, context);
		urls.add(resolved.url);
		return resolved;
	},
});
process.on('exit', () => writeSync(3, JSON.stringify([...urls])));
`;

/**
 * The npm packages whose code a Node process loads, by import or by require: modules in
 * `node_modules`, and those that esbuild names (`// node_modules/zod/…`) in the bundle's files.
 */
export function packagesLoadedBy(
	args: readonly string[],
	environment: NodeJS.ProcessEnv,
): readonly string[] {
	const {output} = spawnSync(
		process.execPath,
		['--import', `data:text/javascript,${encodeURIComponent(recorder)}`, ...args],
		{env: environment, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe', 'pipe']},
	);
	const urls = z.array(z.string()).parse(JSON.parse(output[3] ?? ''));
	const found = urls
		.filter(url => url.startsWith('file:'))
		.flatMap(url => [url, ...readFileSync(fileURLToPath(url), 'utf8').matchAll(bundled)])
		.flatMap(place => packageName.exec(String(place))?.groups?.['name'] ?? []);
	return [...new Set(found)].sort();
}

const bundled = /^\/\/ .*node_modules\/.*$/gm;
const packageName = /.*node_modules\/(?<name>(?:@[^/]+\/)?[^/]+)/;
