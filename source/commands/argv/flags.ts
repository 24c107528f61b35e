import {UsageError} from '../../core/usage-error.ts';
import type {FlagValues} from './command.ts';

/** The value of a text flag. Throws when it is empty. */
export function textFlag(flags: FlagValues, name: string): string | undefined {
	const value = flags[name];
	if (value === undefined) {
		return undefined;
	}

	if (typeof value !== 'string' || value.trim() === '') {
		throw new UsageError(`${flagName(name)} needs a value`);
	}

	return value;
}

export function listFlag(flags: FlagValues, name: string): readonly string[] {
	const value = flags[name];
	const values = Array.isArray(value) ? value : value === undefined ? [] : [value];
	return values.map((entry: unknown) => {
		if (typeof entry !== 'string' || entry.trim() === '') {
			throw new UsageError(`${flagName(name)} needs a value`);
		}

		return entry;
	});
}

export function switchFlag(flags: FlagValues, name: string): boolean {
	return flags[name] === true;
}

export function choiceFlag<Choice extends string>(
	flags: FlagValues,
	name: string,
	choices: readonly Choice[],
): Choice | undefined {
	const value = textFlag(flags, name);
	if (value === undefined) {
		return undefined;
	}

	const choice = choices.find(candidate => candidate === value);
	if (choice === undefined) {
		throw new UsageError(`${flagName(name)} must be one of: ${choices.join(', ')}; got "${value}"`);
	}

	return choice;
}

/** A whole number of at least 1. */
export function countFlag(flags: FlagValues, name: string, max?: number): number | undefined {
	const value = flags[name];
	if (value === undefined) {
		return undefined;
	}

	const count = Number(value);
	if (!Number.isSafeInteger(count) || count < 1 || count > (max ?? Number.MAX_SAFE_INTEGER)) {
		const range = max === undefined ? 'of at least 1' : `from 1 to ${max}`;
		throw new UsageError(`${flagName(name)} must be a whole number ${range}`);
	}

	return count;
}

/** US dollars: `5`, `0.5` or `$5`. */
export function moneyFlag(flags: FlagValues, name: string): number | undefined {
	const value = textFlag(flags, name);
	if (value === undefined) {
		return undefined;
	}

	const text = value.trim().replace(/^\$/, '');
	const usd = /^\d+(\.\d+)?$|^\.\d+$/.test(text) ? Number(text) : Number.NaN;
	if (!(usd > 0 && usd <= 1e9)) {
		throw new UsageError(`${flagName(name)} must be an amount in US dollars, like 5 or 0.50`);
	}

	return usd;
}

const units: Readonly<Record<string, number>> = {ms: 1, s: 1_000, m: 60_000, h: 3_600_000};

/** A duration like `500ms`, `90s`, `10m` or `2h`, in ms. */
export function durationFlag(flags: FlagValues, name: string): number | undefined {
	const value = textFlag(flags, name);
	if (value === undefined) {
		return undefined;
	}

	const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(value.trim()) ?? [];
	const ms = Math.round(Number(number) * (units[unit] ?? Number.NaN));
	if (number === '' || !Number.isSafeInteger(ms) || ms < 1) {
		throw new UsageError(
			`${flagName(name)} must be a duration like 90s, 10m or 2h; got "${value}"`,
		);
	}

	return ms;
}

/** `maxParallel` → `--max-parallel`. */
export function flagName(name: string): string {
	return `--${name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
}
