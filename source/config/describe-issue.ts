import {z} from 'zod';
import {didYouMean} from '../core/nearest-name.ts';

type Issue = z.core.$ZodIssue;

/** The first thing that is wrong with a value: ` at "place": what was expected`. */
export function describeIssue(error: z.ZodError, value: unknown): string {
	const [first] = error.issues;
	if (first === undefined) {
		return '';
	}

	const issue = mostSpecific(first);
	const place = z.core.toDotPath(issue.path);
	return `${place === '' ? '' : ` at "${place}"`}: ${wordsFor(issue, at(value, issue.path))}`;
}

/** What is wrong, in the words of JSON; what a schema says itself stays as it is. */
function wordsFor(issue: Issue, given: unknown): string {
	switch (issue.code) {
		case 'invalid_type':
			return mustBe([issue.expected], given);
		case 'invalid_union': {
			const types = issue.errors.flatMap(([first]) =>
				first?.code === 'invalid_type' ? [first.expected] : [],
			);
			return types.length === 0 ? issue.message : mustBe(types, given);
		}

		case 'invalid_value': {
			const near = typeof given === 'string' ? didYouMean(given, issue.values.map(String)) : '';
			return `must be ${either(issue.values.map(choice => JSON.stringify(choice)))}${near}`;
		}

		case 'unrecognized_keys':
			return `unknown key ${issue.keys.map(key => JSON.stringify(key)).join(', ')}`;
		case 'too_small':
			return issue.minimum === 1 && issue.origin !== 'number'
				? 'must not be empty'
				: `must be at least ${issue.minimum}${unitOf(issue.origin)}`;
		case 'too_big':
			return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
		default:
			return issue.message;
	}
}

function mustBe(types: readonly string[], given: unknown): string {
	const wanted = either(types.map(nounFor));
	if (typeof given === 'number' && types.includes('int')) {
		return `must be ${wanted}`;
	}

	return given === undefined
		? `is missing; it must be ${wanted}`
		: `must be ${wanted}, not ${nounFor(typeName(given))}`;
}

/** The names of types in zod and JavaScript, as JSON calls them. */
function nounFor(type: string): string {
	switch (type) {
		case 'record':
		case 'object':
			return 'an object';
		case 'array':
			return 'a list';
		case 'int':
			return 'a whole number';
		case 'boolean':
			return 'true or false';
		case 'null':
			return 'null';
		default:
			return `a ${type}`;
	}
}

function typeName(value: unknown): string {
	return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

function either(choices: readonly string[]): string {
	const last = choices.at(-1) ?? '';
	return choices.length < 2 ? last : `${choices.slice(0, -1).join(', ')} or ${last}`;
}

function unitOf(origin: string): string {
	switch (origin) {
		case 'string':
			return ' characters long';
		case 'array':
			return ' entries long';
		default:
			return '';
	}
}

/**
 * The issue that says most. Zod wraps what is wrong with the name of an entry, and what is wrong with each
 * alternative of a union: the one that got furthest into the value was most likely meant.
 */
function mostSpecific(issue: Issue): Issue {
	if (issue.code === 'invalid_key') {
		const [cause] = issue.issues;
		return cause ? {...cause, path: issue.path} : issue;
	}

	if (issue.code !== 'invalid_union') {
		return issue;
	}

	const [deepest] = issue.errors
		.flatMap(([first]) => (first ? [mostSpecific(first)] : []))
		.toSorted((a, b) => b.path.length - a.path.length);
	return deepest === undefined || deepest.path.length === 0
		? issue
		: {...deepest, path: [...issue.path, ...deepest.path]};
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
	return path.reduce<unknown>(
		(inner, key) =>
			typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined,
		value,
	);
}
