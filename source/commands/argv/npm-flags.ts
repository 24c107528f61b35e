import type {Environment} from '../../core/environment.ts';
import {providerNames} from '../../config/named-providers.ts';
import {UsageError} from '../../core/usage-error.ts';
import type {Command} from './command.ts';
import {flagName} from './flags.ts';
import {shellWord} from './shell-word.ts';

/** Short flags that npm has itself, and the name under which npm returns their value. */
const takenLetters: Readonly<Record<string, string>> = {p: 'parseable', m: 'message', u: 'u'};

/**
 * Restores flags that npm consumed. `npm run orchestrator create x --provider anthropic` starts the
 * program as `create x anthropic` with `npm_config_provider=true`: npm keeps unknown flags and leaves
 * their values among the words (measured with npm 10 and 11). Flags written as `--provider=anthropic`
 * arrive complete.
 */
export function restoreNpmFlags(
	words: readonly string[],
	command: Command,
	environment: Environment,
): readonly string[] {
	const restored: string[] = [];
	const missing: string[] = [];
	for (const [name, {type, shortFlag}] of Object.entries(command.flags)) {
		const value = configOf(name, shortFlag, environment);
		if (value === undefined || value === '' || value === 'false') {
			continue;
		}

		if (type === 'boolean') {
			restored.push(flagName(name));
		} else if (value === 'true') {
			missing.push(name);
		} else {
			restored.push(`${flagName(name)}=${value}`);
		}
	}

	if (missing.length === 0) {
		// No flag was separated from its value; flags after "--" are in place.
		return [...words, ...restored];
	}

	const {max} = command.words;
	const assigned = assign(missing, words.slice(max));
	if (assigned === undefined) {
		throw ambiguousFlags(command, words, missing, restored);
	}

	return [
		...words.slice(0, max),
		...assigned.map(([name, value]) => `${flagName(name)}=${value}`),
		...restored,
	];
}

/** The error for values that cannot be assigned, with the user's command as far as it arrived. */
function ambiguousFlags(
	{name, words: {max}}: Command,
	words: readonly string[],
	missing: readonly string[],
	restored: readonly string[],
): UsageError {
	const taken = missing.map(flagName);
	const values = words.slice(max).map(shellWord);
	const arrived = [name, ...words.slice(0, max).map(shellWord), ...restored.map(shellWord)];
	const command = [...arrived, ...taken.map(flag => `${flag} …`)].join(' ');
	const received = values.length === 0 ? '' : ` (received values: ${values.join(', ')})`;
	return new UsageError(
		`npm consumed the flags ${taken.join(', ')}, so their values cannot be assigned`,
		`put "--" before the arguments: npm run orchestrator -- ${command}${received}`,
	);
}

function configOf(
	name: string,
	shortFlag: string | undefined,
	environment: Environment,
): string | undefined {
	const long = flagName(name).slice(2).replaceAll('-', '_');
	const taken = shortFlag === undefined ? undefined : takenLetters[shortFlag];
	return (
		environment[`npm_config_${long}`] ??
		(taken === undefined ? undefined : environment[`npm_config_${taken}`])
	);
}

/**
 * Assigns values to flags by their form, because npm does not keep the order of flags; `undefined`
 * when that is ambiguous.
 */
function assign(
	names: readonly string[],
	values: readonly string[],
): readonly (readonly [name: string, value: string])[] | undefined {
	const found: [string, string][] = [];
	const left = [...values];
	const open = [...names];
	for (const name of names) {
		const looks = looksLike[name];
		const fitting = looks ? left.filter(looks) : [];
		// Two values of the same form are ambiguous.
		const [value] = fitting.length === 1 ? left.splice(left.indexOf(fitting[0] ?? ''), 1) : [];
		if (value !== undefined) {
			found.push([name, value]);
			open.splice(open.indexOf(name), 1);
		}
	}

	const [name, another] = open;
	if (open.length !== left.length || another !== undefined) {
		return undefined;
	}

	return name === undefined ? found : [...found, [name, left[0] ?? '']];
}

const looksLike: Readonly<Record<string, (value: string) => boolean>> = {
	provider: value => providerNames().includes(value),
	baseUrl: value => /^https?:\/\//.test(value),
	teammates: value => /^\d+$/.test(value),
};
