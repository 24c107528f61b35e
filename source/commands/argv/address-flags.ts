import type {ProviderAddress} from '../../core/actions.ts';
import {UsageError} from '../../core/usage-error.ts';
import type {Flag, FlagValues} from './command.ts';
import {listFlag, textFlag} from './flags.ts';

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
	return {
		baseUrl: inUrl.length === 0 ? given : given?.replace(/\?[^#]*/, ''),
		address: {
			...(headers.length === 0 ? {} : {headers: Object.fromEntries(headers)}),
			...(query.length === 0 ? {} : {query: Object.fromEntries(query)}),
			...(keyVariable === undefined ? {} : {keyVariable}),
		},
	};
}

function pairOf(text: string, separator: string, flag: string): readonly [string, string] {
	const at = text.indexOf(separator);
	if (at <= 0) {
		throw new UsageError(
			`${flag} "${text}" is not a name and a value`,
			`write ${flag} "name${separator}value"`,
		);
	}

	return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
