import type {Survey} from '../engine/run-parts.ts';
import type {PathGuard} from '../sandbox/path-guard.ts';

/** Paths that the lead is shown. */
const maxPaths = 400;

/** Characters of `AGENTS.md` that agents are shown. */
const maxInstructions = 16_000;

/** Directories that say nothing about a project. */
const unread = new Set([
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

/** Reads what the lead has to know of a directory: its paths (breadth first) and its `AGENTS.md`. */
export async function surveyDirectory(files: PathGuard): Promise<Survey> {
	const paths: string[] = [];
	const queue = ['.'];
	for (const directory of queue) {
		const entries = await files.listDirectory(directory).catch(() => []);
		for (const entry of entries) {
			const name = entry.path.split('/').at(-1) ?? '';
			if (entry.kind === 'directory' && !unread.has(name)) {
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
