import {readFileSync} from 'node:fs';

/** Set by the build; when run from source, the version is read from `package.json`. */
declare const __VERSION__: string | undefined;

export function readVersion(): string {
	if (typeof __VERSION__ === 'string') {
		return __VERSION__;
	}

	const manifest = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
	return /"version":\s*"([^"]+)"/.exec(manifest)?.[1] ?? 'unknown';
}
