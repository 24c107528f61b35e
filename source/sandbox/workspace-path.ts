import path from 'node:path';
import {FailureError} from '../core/failure.ts';

/**
 * The normalized path, relative to the workspace; throws `denied` for a path that leads outside.
 */
export function normalizeWithin(roots: readonly string[], name: string): string {
	if (name.includes('\0')) {
		throw denied(JSON.stringify(name), 'a path cannot hold a NUL character');
	}

	let relative = name;
	if (path.isAbsolute(name)) {
		const inside = roots.map(root => path.relative(root, name)).find(isInside);
		if (inside === undefined) {
			throw denied(name, 'it is outside the workspace');
		}

		relative = inside;
	}

	const normal = path.normalize(relative).replace(/(?<=.)\/+$/, '');
	if (!isInside(normal)) {
		throw denied(name, 'it is outside the workspace');
	}

	if (normal.split('/').some(isGitDirectory)) {
		throw denied(name, 'the .git directory is closed');
	}

	return normal === '' ? '.' : normal;
}

function isInside(relative: string): boolean {
	return relative !== '..' && !relative.startsWith('../') && !path.isAbsolute(relative);
}

/** Some file systems ignore case and these characters. */
export function isGitDirectory(segment: string): boolean {
	return /^\.git$/i.test(segment.replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, ''));
}

/** The failure for an inaccessible path, as shown to the model. */
export function denied(name: string, why: string, cause?: unknown): FailureError {
	return new FailureError('denied', `${name} is not accessible: ${why}`, {cause});
}

export function split(normal: string): {
	readonly parents: readonly string[];
	readonly last: string;
} {
	const names = normal.split('/');
	return {parents: names.slice(0, -1), last: names.at(-1) ?? '.'};
}
