import {holdsSecret, isVariableName} from '../../config/provider-config.ts';
import type {ProviderAddress} from '../../core/actions.ts';
import {UsageError} from '../../core/usage-error.ts';
import type {Flag, FlagValues} from './command.ts';
import {listFlag, textFlag} from './flags.ts';
import {shellWord} from './shell-word.ts';

/** Flags about the address of a provider, beside `--base-url`. */
export const addressFlags: Readonly<Record<string, Flag>> = {
	header: {type: 'string', isMultiple: true},
	query: {type: 'string', isMultiple: true},
	keyVariable: {type: 'string'},
};

/** What the flags say, and the base URL without its query, which is sent with every request. */
export function addressOf(
	flags: FlagValues,
	given: string | undefined,
): {readonly baseUrl: string | undefined; readonly address: ProviderAddress} {
	const url = given === undefined ? null : URL.parse(given);
	const inUrl = [...(url?.searchParams ?? [])];
	const headers = listFlag(flags, 'header').map(text => pairOf(text, ':', '--header'));
	const query = [...inUrl, ...listFlag(flags, 'query').map(text => pairOf(text, '=', '--query'))];
	const keyVariable = textFlag(flags, 'keyVariable');
	if (keyVariable !== undefined && !isVariableName(keyVariable)) {
		// It may be the key itself, which is not repeated.
		throw new UsageError(
			'--key-variable takes the name of an environment variable, not a key',
			'put the key into a variable, for example MY_KEY, and write --key-variable MY_KEY',
		);
	}

	return {
		baseUrl: inUrl.length === 0 ? given : given?.replace(/\?[^#]*/, ''),
		address: {
			...(headers.length === 0 ? {} : {headers: withoutRepeats(headers, '--header')}),
			...(query.length === 0 ? {} : {query: withoutRepeats(query, '--query')}),
			...(keyVariable === undefined ? {} : {keyVariable}),
		},
	};
}

/**
 * An address as flags for another command. Secrets become variables; `first` says what the person has to put
 * into them.
 */
export function flagsOfAddress(
	baseUrl: string | undefined,
	{headers = {}, query = {}, keyVariable}: ProviderAddress,
): {readonly flags: readonly string[]; readonly first: readonly string[]} {
	const first: string[] = [];
	const shown = (name: string, value: string) => {
		if (!holdsSecret(name, value)) {
			return value;
		}

		const variable = name.toUpperCase().replaceAll(/\W/g, '_');
		first.push(`put the value of ${name} into the variable ${variable}`);
		return `$${variable}`;
	};
	return {
		flags: [
			...(baseUrl === undefined ? [] : [`--base-url ${shellWord(baseUrl)}`]),
			...Object.entries(headers).map(
				([name, value]) => `--header ${shellWord(`${name}: ${shown(name, value)}`)}`,
			),
			...Object.entries(query).map(
				([name, value]) => `--query ${shellWord(`${name}=${shown(name, value)}`)}`,
			),
			...(keyVariable === undefined ? [] : [`--key-variable ${shellWord(keyVariable)}`]),
		],
		first,
	};
}

function pairOf(text: string, separator: string, flag: string): readonly [string, string] {
	const at = text.indexOf(separator);
	if (at <= 0) {
		// The text may be a key, which is not repeated.
		const example = flag === '--header' ? 'X-Team: red' : 'api-version=preview';
		throw new UsageError(`${flag} takes a name and a value`, `write it as ${flag} "${example}"`);
	}

	return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

/** Names of headers are case-insensitive: https://www.rfc-editor.org/rfc/rfc9110#section-5.1 */
function withoutRepeats(
	pairs: readonly (readonly [string, string])[],
	flag: string,
): Readonly<Record<string, string>> {
	const seen = new Set<string>();
	for (const [name] of pairs) {
		const key = flag === '--header' ? name.toLowerCase() : name;
		if (seen.has(key)) {
			throw new UsageError(`${flag} ${shellWord(name)} was given twice`, 'give it once');
		}

		seen.add(key);
	}

	return Object.fromEntries(pairs);
}
