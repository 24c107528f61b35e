import {fileURLToPath} from 'node:url';
import {providerPresets} from '../../core/provider-presets.ts';
import {providerDefaults} from '../../providers/defaults.ts';

/**
 * The command that runs this program with arguments. An existing tmux server may have provider
 * settings in its environment, which views do not need.
 */
export function ownProgram(...args: readonly string[]): readonly string[] {
	const cli = fileURLToPath(new URL('../cli.js', import.meta.url));
	const unset = providerVariables.flatMap(name => ['-u', name]);
	return ['env', ...unset, process.execPath, cli, ...args];
}

const providerVariables: readonly string[] = [
	...Object.values(providerDefaults),
	...Object.values(providerPresets),
].flatMap(({keyVariable, baseUrlVariable}) => [keyVariable ?? [], baseUrlVariable ?? []].flat());
