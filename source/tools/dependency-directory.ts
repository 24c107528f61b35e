/** Whether a directory holds installed dependencies or caches, which are not worth searching. */
export function isDependencyDirectory(path: string): boolean {
	return names.has(path.slice(path.lastIndexOf('/') + 1));
}

const names = new Set(['node_modules', '.venv', '__pycache__']);
