import type {z} from 'zod';
import {FailureError} from '../core/failure.ts';
import {parseJson, type Json} from '../core/json.ts';
import {toolSpec, type AnyTool} from './catalog.ts';

type Fields = {readonly [key: string]: Json};

/** Arguments that fit a tool, and how much of what came was left out for it. */
export type ReadArguments = {
	/** As the schema of the tool gives them. */
	readonly input: unknown;
	/** The same as JSON, for the record of the call. */
	readonly fields: Fields;
	/** Fields that the tool does not have. */
	readonly ignored: readonly string[];
};

/**
 * The arguments of a call as the tool's input. What does not fit at once is read in the one way that
 * fits: out of a string of JSON or a wrapper (`arguments`, `input`), names without regard to case and
 * `-_`, text where a number, truth value, list or object belongs, `null` for a field that may be absent.
 *
 * A field that the tool does not have is left out when it cannot matter: always when it is empty or only
 * explains, else of tools that change nothing, whose worst is a result that the model did not want. A
 * command or a change is refused instead: a `cwd`, `append` or `dry_run` that is not heeded does harm.
 *
 * Throws a `FailureError` (`bad-call`) that names every wrong field and shows a right call.
 */
export function readArguments(tool: AnyTool, args: Json | undefined): ReadArguments {
	const first = tool.input.safeParse(args);
	if (first.success && isObject(args)) {
		return {input: first.data, fields: args, ignored: []};
	}

	const schema = toolSpec(tool).input;
	const properties = isObject(schema['properties']) ? schema['properties'] : {};
	const required = Array.isArray(schema['required']) ? schema['required'] : [];
	const given = unwrapped(args, tool.name, properties);
	const {fields, ignored} = fitted(given ?? {}, {tool, properties, required});
	const second = tool.input.safeParse(given ? fields : args);
	if (second.success) {
		return {input: second.data, fields, ignored};
	}

	const problems = second.error.issues.map(issue => describeIssue(issue, fields));
	const right = `${tool.name} ${JSON.stringify(tool.example)}`;
	throw new FailureError(
		'bad-call',
		`Wrong arguments of ${tool.name}: ${problems.join('; ')}. A right call: ${right}`,
	);
}

type Shape = {
	readonly tool: AnyTool;
	readonly properties: Fields;
	readonly required: readonly Json[];
};

const wrappers: ReadonlySet<string> = new Set([
	'arguments',
	'args',
	'parameters',
	'params',
	'input',
	'kwargs',
]);

/** The fields, out of a string or an object around them. */
function unwrapped(
	args: Json | undefined,
	name: string,
	properties: Fields,
	depth = 0,
): Fields | undefined {
	const value = typeof args === 'string' ? parseJson(args) : args;
	if (!isObject(value)) {
		return undefined;
	}

	// A wrapper may name the tool as well.
	const [only, ...others] = Object.entries(value).filter(
		([key, field]) => !(key === 'name' && field === name && !Object.hasOwn(properties, 'name')),
	);
	const isWrapper =
		only !== undefined &&
		others.length === 0 &&
		(wrappers.has(only[0]) || only[0] === name) &&
		!Object.hasOwn(properties, only[0]);
	const inner =
		isWrapper && depth < deepest ? unwrapped(only[1], name, properties, depth + 1) : undefined;
	return inner ?? value;
}

const deepest = 3;

function fitted(
	given: Fields,
	{tool, properties, required}: Shape,
): {readonly fields: Fields; readonly ignored: readonly string[]} {
	const names = new Map(Object.keys(properties).map(name => [bareOf(name), name]));
	const fields: [string, Json][] = [];
	const ignored: string[] = [];
	for (const [key, value] of Object.entries(given)) {
		const near = names.get(bareOf(key));
		const isKnown = Object.hasOwn(properties, key);
		const name = isKnown || near === undefined || Object.hasOwn(given, near) ? key : near;
		const property = isKnown || name === near ? properties[name] : undefined;
		if (property === undefined && canBeIgnored(tool, key, value)) {
			ignored.push(key);
		} else if (value !== null || required.includes(name) || property === undefined) {
			fields.push([name, asType(value, typeOf(property))]);
		}
	}

	return {fields: Object.fromEntries(fields), ignored};
}

const explaining: ReadonlySet<string> = new Set([
	'description',
	'explanation',
	'purpose',
	'rationale',
	'reason',
	'reasoning',
	'thought',
	'thoughts',
]);

function canBeIgnored({effect}: AnyTool, key: string, value: Json): boolean {
	const isEmpty =
		value === null ||
		value === '' ||
		(typeof value === 'object' && Object.keys(value).length === 0);
	const changesNothing = effect !== 'write' && effect !== 'command';
	return isEmpty || explaining.has(bareOf(key)) || (changesNothing && !wrappers.has(key));
}

/** Text becomes the JSON value that it spells, if that is of the type. */
function asType(value: Json, type: string): Json {
	if (typeof value !== 'string') {
		return value;
	}

	// Python writes `True`.
	const read = parseJson(type === 'boolean' ? value.trim().toLowerCase() : value);
	return read !== undefined && kinds[type]?.(read) === true ? read : value;
}

const kinds: Readonly<Record<string, (value: Json) => boolean>> = {
	integer: value => typeof value === 'number',
	number: value => typeof value === 'number',
	boolean: value => typeof value === 'boolean',
	array: value => Array.isArray(value),
	object: isObject,
};

function typeOf(property: Json | undefined): string {
	const type = isObject(property) ? property['type'] : undefined;
	return typeof type === 'string' ? type : '';
}

function describeIssue(issue: z.core.$ZodIssue, given: Fields): string {
	if (issue.code === 'unrecognized_keys') {
		return `unknown field ${issue.keys.join(', ')}`;
	}

	const [field] = issue.path;
	if (field === undefined) {
		return 'they must be one JSON object';
	}

	const missing = typeof field === 'string' && !Object.hasOwn(given, field);
	return missing ? `${field} is missing` : `${issue.path.join('.')}: ${issue.message}`;
}

function bareOf(name: string): string {
	return name.replaceAll(/[-_ ]/g, '').toLowerCase();
}

function isObject(value: Json | undefined): value is Fields {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
