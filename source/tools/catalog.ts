import {z} from 'zod';
import type {ToolSpec} from '../core/chat.ts';
import {FailureError} from '../core/failure.ts';
import {parseJson} from '../core/json.ts';
import type {Json, JsonSchema} from '../core/json.ts';
import {editFile} from './edit-file.ts';
import {finish} from './finish.ts';
import {listFiles} from './list-files.ts';
import {readFile} from './read-file.ts';
import {runCommand} from './run-command.ts';
import {search} from './search.ts';
import {sendMessage} from './send-message.ts';
import type {Tool} from './tool.ts';
import {writeFile} from './write-file.ts';

/** A tool whose input is checked by `parseCall` before it gets there. */
export type AnyTool = Tool<unknown>;

/** Every tool there is, in the order in which models are told of them. */
export function createTools(): readonly AnyTool[] {
	return [readFile, listFiles, search, writeFile, editFile, runCommand, sendMessage, finish];
}

/** What a model is told about a tool. */
export function toolSpec({name, description, input}: AnyTool): ToolSpec {
	const {
		$schema: _,
		$defs: __,
		...schema
	} = z.toJSONSchema(input, {
		io: 'input',
		override: ({zodSchema, jsonSchema}) => {
			// `z.json()` refers to itself; "any object" says the same to a model.
			if (zodSchema instanceof z.ZodRecord) {
				delete jsonSchema.propertyNames;
				jsonSchema.additionalProperties = true;
			}

			if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) {
				delete jsonSchema.maximum;
			}
		},
	});
	return {name, description, input: schema as JsonSchema};
}

/**
 * The arguments of a call as the tool's input. Text where a number, a truth value, a list or an
 * object belongs is read as that, and nothing else is guessed. Throws a `FailureError` (`bad-call`)
 * that names every wrong field.
 */
export function parseCall<Input>(tool: Tool<Input>, args: Json | undefined): Input {
	const first = tool.input.safeParse(args);
	if (first.success) {
		return first.data;
	}

	const second = tool.input.safeParse(readTexts(args, first.error.issues));
	if (second.success) {
		return second.data;
	}

	const problems = second.error.issues.map(issue => describeIssue(issue, args));
	throw new FailureError('bad-call', `Wrong arguments of ${tool.name}: ${problems.join('; ')}`);
}

type Issue = z.core.$ZodIssue;

function isObject(value: Json | undefined): value is {readonly [key: string]: Json} {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text in the place of another type becomes the JSON value that it spells, if it is of that type. */
function readTexts(args: Json | undefined, issues: readonly Issue[]): Json | undefined {
	if (!isObject(args)) {
		return args;
	}

	const fields = issues.flatMap(issue => {
		const [field, ...deeper] = issue.path;
		const value = typeof field === 'string' && deeper.length === 0 ? args[field] : undefined;
		if (issue.code !== 'invalid_type' || typeof value !== 'string') {
			return [];
		}

		const read = parseJson(value);
		return read !== undefined && kinds[issue.expected]?.(read) === true ? [[field, read]] : [];
	});
	return {...args, ...Object.fromEntries(fields)};
}

const kinds: Readonly<Record<string, (value: Json) => boolean>> = {
	number: value => typeof value === 'number',
	boolean: value => typeof value === 'boolean',
	array: value => Array.isArray(value),
	object: isObject,
	record: isObject,
};

function describeIssue(issue: Issue, args: Json | undefined): string {
	if (issue.code === 'unrecognized_keys') {
		return `unknown field ${issue.keys.join(', ')}`;
	}

	const [field] = issue.path;
	if (field === undefined) {
		return 'they must be one JSON object';
	}

	const missing = typeof field === 'string' && isObject(args) && !(field in args);
	return missing ? `${field} is missing` : `${issue.path.join('.')}: ${issue.message}`;
}
