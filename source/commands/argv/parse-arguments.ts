import {parseArgs} from 'node:util';
import leven from 'leven';
import {UsageError} from '../../core/usage-error.ts';
import type {Command, CommandInput, Flag} from './command.ts';
import {flagName} from './flags.ts';
import {helpTexts} from '../help.ts';

/**
 * Parses positional arguments and flags. Throws `UsageError` for unknown options, missing values,
 * repeated options, and a wrong number of arguments. A value that begins with "-" is written as
 * `--check=-x`; after "--" everything is positional.
 */
export function parseArguments(args: readonly string[], command: Command): CommandInput {
	const {name: commandName, words} = command;
	const hint = `see: llm-orchestrator ${commandName} --help`;
	const known = new Map(
		Object.entries(command.flags).map(([name, flag]) => [flagName(name).slice(2), {name, flag}]),
	);
	const flags: Record<string, unknown> = {};
	const input: string[] = [];
	for (const token of tokensOf(args, known)) {
		if (token.kind === 'positional') {
			input.push(token.value);
		} else if (token.kind === 'option') {
			const found = known.get(token.name);
			if (!found) {
				const near = token.name.length === 1 ? '' : suggestion(token.name, [...known.keys()], '--');
				throw new UsageError(`${commandName} has no option ${token.rawName}${near}`, hint);
			}

			const {name, flag} = found;
			const value = valueOf(token, flag, hint);
			if (flag.isMultiple) {
				flags[name] = [...((flags[name] as readonly unknown[] | undefined) ?? []), value];
			} else if (flag.type === 'string' && flags[name] !== undefined) {
				throw new UsageError(`${token.rawName} is given twice`, hint);
			} else {
				flags[name] = value;
			}
		}
	}

	const {min, max} = words;
	if (input.length < min || input.length > max) {
		const usage = helpTexts[commandName]?.split('\n', 1)[0] ?? '';
		const names = [...usage.matchAll(/<(\w+)>/g)].map(([, word]) => word);
		const what =
			input.length < min
				? `which ${names[input.length] ?? 'one'}?`
				: `unexpected argument "${input[max] ?? ''}"`;
		const last = names[max - 1];
		throw new UsageError(
			`${commandName}: ${what}`,
			input.length > max && last === 'task'
				? `put the ${last} in quotes: "${input.slice(max - 1).join(' ')}"`
				: hint,
		);
	}

	return {words: input, flags};
}

/** `; did you mean "run"?` if a candidate is close enough. */
export function suggestion(word: string, candidates: readonly string[], prefix = ''): string {
	const [nearest] = candidates
		.map(candidate => ({
			candidate,
			distance: leven(word, candidate),
			isAlike: [...word].sort().join('') === [...candidate].sort().join(''),
		}))
		.filter(({candidate, distance}) => distance <= Math.max(2, candidate.length / 3))
		.sort((a, b) => a.distance - b.distance || Number(b.isAlike) - Number(a.isAlike));
	return nearest ? `; did you mean "${prefix}${nearest.candidate}"?` : '';
}

function tokensOf(
	args: readonly string[],
	known: ReadonlyMap<string, {readonly flag: Flag}>,
): Tokens {
	const options = Object.fromEntries(
		[...known].map(([name, {flag}]) => [
			name,
			{type: flag.type, ...(flag.shortFlag === undefined ? {} : {short: flag.shortFlag})},
		]),
	);
	return parseArgs({args: [...args], options, strict: false, tokens: true}).tokens;
}

type Tokens = ReturnType<typeof parseArgs<{strict: false; tokens: true}>>['tokens'];
type Option = Extract<Tokens[number], {readonly kind: 'option'}>;

function valueOf({rawName, value, inlineValue}: Option, {type}: Flag, hint: string): unknown {
	if (type === 'boolean') {
		if (value === undefined || value === 'true') {
			return true;
		}

		if (value === 'false') {
			return false;
		}

		throw new UsageError(`${rawName} takes no value; not "${value}"`, hint);
	}

	// What looks like an option is not a value, unless attached with "="; "-1" is a number.
	const isOption = inlineValue === false && value !== undefined && /^-\D/.test(value);
	if (value === undefined || value.trim() === '' || isOption) {
		throw new UsageError(`${rawName} needs a value`, hint);
	}

	return value;
}
