import type {Survey} from '../engine/run-parts.ts';
import type {PathGuard} from '../sandbox/path-guard.ts';

/** Maximum number of paths shown to the lead. */
const maxPaths = 400;

/** Maximum characters of `AGENTS.md` shown to agents. */
const maxInstructions = 16_000;

/** Directories that say nothing about a project. */
const skippedDirectories = new Set([
	'.git',
	'node_modules',
	'.venv',
	'venv',
	'__pycache__',
	'dist',
	'build',
	'target',
	'.cache',
	'coverage',
]);

/**
 * Reads what the lead needs to know about a directory: its paths (breadth first) and its
 * `AGENTS.md`.
 */
export async function readProjectOverview(files: PathGuard): Promise<Survey> {
	const paths: string[] = [];
	const queue = ['.'];
	for (const directory of queue) {
		const entries = await files.listDirectory(directory).catch(() => []);
		for (const entry of entries) {
			const name = entry.path.split('/').at(-1) ?? '';
			if (entry.kind === 'directory' && !skippedDirectories.has(name)) {
				queue.push(entry.path);
			} else if (entry.kind === 'file') {
				paths.push(entry.path);
			}
		}

		if (paths.length > maxPaths) {
			break;
		}
	}

	const more = paths.length > maxPaths ? [`… and more than ${maxPaths} are not listed`] : [];
	const instructions = await files.readFile('AGENTS.md').catch(() => undefined);
	return {
		overview: [...paths.slice(0, maxPaths), ...more].join('\n'),
		instructions: instructions?.toString('utf8').slice(0, maxInstructions),
	};
}
