import type {z} from 'zod';
import {FailureError} from '../core/failure.ts';
import {isJsonObject, parseJson, type Json, type JsonObject} from '../core/json.ts';
import {normalizedName} from '../core/text.ts';
import {toolSpec, type AnyTool} from './catalog.ts';

/** Arguments that fit a tool, and what was ignored. */
export type ReadArguments = {
	/** As parsed by the tool's schema. */
	readonly input: unknown;
	/** The same as JSON, for the record of the call. */
	readonly fields: JsonObject;
	/** JsonObject that the tool does not have. */
	readonly ignored: readonly string[];
};

/**
 * Parses a call's arguments as the tool's input. Arguments that don't fit directly are converted if
 * there is exactly one way: out of a JSON string or a wrapper (`arguments`, `input`), names without
 * regard to case and `-_`, text in place of a number, boolean, list or object, `null` for an
 * optional field.
 *
 * Unknown fields are ignored if they cannot matter: if they are empty or explanatory, or if the
 * tool changes nothing, where the worst case is an unwanted result. For a command or a change they
 * are an error instead: ignoring a `cwd`, `append` or `dry_run` would do harm.
 *
 * Throws a `FailureError` (`bad-call`) that names every wrong field and shows a correct call.
 */
export function readArguments(tool: AnyTool, args: Json | undefined): ReadArguments {
	const first = tool.input.safeParse(args);
	if (first.success && isJsonObject(args)) {
		return {input: first.data, fields: args, ignored: []};
	}

	const schema = toolSpec(tool).input;
	const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
	const required = Array.isArray(schema['required']) ? schema['required'] : [];
	const given = unwrap(args, tool.name, properties);
	const {fields, ignored} = fitFields(given ?? {}, {tool, properties, required});
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
	readonly properties: JsonObject;
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

/** The fields, extracted from a string or wrapper. */
function unwrap(
	args: Json | undefined,
	name: string,
	properties: JsonObject,
	depth = 0,
): JsonObject | undefined {
	const value = typeof args === 'string' ? parseJson(args) : args;
	if (!isJsonObject(value)) {
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
		isWrapper && depth < maxDepth ? unwrap(only[1], name, properties, depth + 1) : undefined;
	return inner ?? value;
}

const maxDepth = 3;

function fitFields(
	given: JsonObject,
	{tool, properties, required}: Shape,
): {readonly fields: JsonObject; readonly ignored: readonly string[]} {
	const names = new Map(Object.keys(properties).map(name => [normalizedName(name), name]));
	const fields: [string, Json][] = [];
	const ignored: string[] = [];
	for (const [key, value] of Object.entries(given)) {
		const near = names.get(normalizedName(key));
		const isKnown = Object.hasOwn(properties, key);
		const name = isKnown || near === undefined || Object.hasOwn(given, near) ? key : near;
		const property = isKnown || name === near ? properties[name] : undefined;
		if (property === undefined && canBeIgnored(tool, key, value)) {
			ignored.push(key);
		} else if (value !== null || required.includes(name) || property === undefined) {
			fields.push([name, coerce(value, typeOf(property))]);
		}
	}

	return {fields: Object.fromEntries(fields), ignored};
}

const explanatoryFields: ReadonlySet<string> = new Set([
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
	return (
		isEmpty || explanatoryFields.has(normalizedName(key)) || (changesNothing && !wrappers.has(key))
	);
}

/** Converts text to the JSON value that it spells, if that has the right type. */
function coerce(value: Json, type: string): Json {
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
	object: isJsonObject,
};

function typeOf(property: Json | undefined): string {
	const type = isJsonObject(property) ? property['type'] : undefined;
	return typeof type === 'string' ? type : '';
}

function describeIssue(issue: z.core.$ZodIssue, given: JsonObject): string {
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
