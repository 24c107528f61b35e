import meow from 'meow';
import {didYouMean} from '../../core/nearest-name.ts';
import {UsageError} from '../../core/usage-error.ts';
import type {Command, CommandInput, Flag, FlagValues} from './command.ts';
import {flagName} from './flags.ts';
import {helpTexts} from '../help.ts';

/**
 * Parses positional arguments and flags. Throws `UsageError` for unknown options, missing values,
 * repeated options, and a wrong number of arguments. A value that begins with "-" is written as
 * `--check=-x`; after "--" everything is positional.
 */
export function parseArguments(args: readonly string[], command: Command): CommandInput {
	const {input, flags} = meow({
		importMeta: import.meta,
		// meow sets the process title from it.
		pkg: {name: `llm-orchestrator ${command.name}`},
		argv: [...spellOut(args, command)],
		flags: Object.fromEntries(
			Object.entries(command.flags).map(([name, {type}]) => [
				name,
				type === 'boolean' ? {type} : {type, isMultiple: true},
			]),
		),
		booleanDefault: undefined,
		autoHelp: false,
		autoVersion: false,
	});
	requireCount(input, command);
	return {words: input, flags: valuesOf(flags, command)};
}

/**
 * Prefix of each value: without it meow strips quotes and treats "-x" as an option. Process arguments
 * never contain it.
 */
const valueMark = '\0';

/**
 * Rewrites the arguments to the form that meow reads losslessly: `-yd=x` as `--yes --dir \0=x`.
 * Throws for what meow silently drops: unknown options and missing values.
 */
function* spellOut(args: readonly string[], command: Command): Generator<string> {
	const rest = [...args];
	for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
		const [, option, attached] =
			/^(--[^=]*)(?:=(.*))?$/s.exec(word) ?? /^(-[^-])(.+)?$/su.exec(word) ?? [];
		if (word === '--') {
			yield* [word, ...rest];
			return;
		}

		if (option === undefined) {
			yield word;
			continue;
		}

		const [name, {type}] = findFlag(option, command);
		if (type === 'string') {
			yield* [flagName(name), `${valueMark}${valueOf(option, attached, rest, command)}`];
		} else if (attached === undefined) {
			yield flagName(name);
		} else if (option.startsWith('--') && (attached === 'true' || attached === 'false')) {
			yield `${flagName(name)}=${attached}`;
		} else if (option.startsWith('--') || attached.startsWith('-')) {
			throw usageError(`${option} takes no value; got "${attached}"`, command);
		} else {
			yield flagName(name);
			rest.unshift(`-${attached}`);
		}
	}
}

function findFlag(option: string, command: Command): readonly [name: string, flag: Flag] {
	const flags = Object.entries(command.flags);
	const found = flags.find(
		([name, {shortFlag}]) => option === flagName(name) || option === `-${shortFlag ?? ''}`,
	);
	if (!found) {
		const names = flags.map(([name]) => flagName(name).slice(2));
		const near = option.startsWith('--') ? didYouMean(option.slice(2), names, '--') : '';
		throw usageError(`${command.name} has no option ${option}${near}`, command);
	}

	return found;
}

/** What looks like an option is not a value, unless attached; "-1" is a number. */
function valueOf(
	option: string,
	attached: string | undefined,
	rest: string[],
	command: Command,
): string {
	const [next = ''] = rest;
	const value = attached ?? (/^-\D/.test(next) ? '' : (rest.shift() ?? ''));
	if (value.trim() === '') {
		throw usageError(`${option} needs a value`, command);
	}

	return value;
}

function requireCount(input: readonly string[], command: Command): void {
	const {min, max} = command.words;
	if (input.length >= min && input.length <= max) {
		return;
	}

	const usage = helpTexts[command.name]?.split('\n', 1)[0] ?? '';
	const names = [...usage.matchAll(/<(\w+)>/g)].map(([, word]) => word);
	const last = names[max - 1];
	if (input.length < min) {
		const name = names[input.length];
		const problem = name === undefined ? ' needs an argument' : `: which ${name}?`;
		throw usageError(command.name + problem, command);
	}

	throw usageError(
		`${command.name}: unexpected argument "${input[max] ?? ''}"`,
		command,
		last === 'task' ? `put the ${last} in quotes: "${input.slice(max - 1).join(' ')}"` : undefined,
	);
}

/** The given flags with their original values. */
function valuesOf(flags: FlagValues, command: Command): FlagValues {
	const values: Record<string, unknown> = {};
	for (const [name, {isMultiple}] of Object.entries(command.flags)) {
		const value = flags[name];
		if (!Array.isArray(value)) {
			values[name] = value;
			continue;
		}

		const texts = value.map(text => String(text).slice(valueMark.length));
		if (texts.length > 1 && !isMultiple) {
			throw usageError(`${flagName(name)} was given twice`, command);
		}

		values[name] = isMultiple && texts.length > 0 ? texts : texts[0];
	}

	return values;
}

function usageError(message: string, {name}: Command, hint?: string): UsageError {
	return new UsageError(message, hint ?? `see: llm-orchestrator ${name} --help`);
}
