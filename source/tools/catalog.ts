import {z} from 'zod';
import type {ToolSpec} from '../core/chat.ts';
import type {JsonSchema} from '../core/json.ts';
import {editFile} from './edit-file.ts';
import {finish} from './finish.ts';
import {listFiles} from './list-files.ts';
import {readFile} from './read-file.ts';
import {runCommand} from './run-command.ts';
import {search} from './search.ts';
import {sendMessage} from './send-message.ts';
import type {Tool} from './tool.ts';
import {writeFile} from './write-file.ts';

/** A tool whose input is validated by `readArguments` before it arrives. */
export type AnyTool = Tool<unknown>;

/** All tools, in the order in which models see them. */
export function createTools(): readonly AnyTool[] {
	return [readFile, listFiles, search, writeFile, editFile, runCommand, sendMessage, finish];
}

/**
 * A tool as described to a model. Length limits are left out and enforced when a call is checked:
 * llama.cpp builds grammars from schemas and rejects all tools of a request because of one long
 * `maxLength` (https://github.com/ggml-org/llama.cpp/issues/25923).
 */
export function toolSpec({name, description, input}: AnyTool): ToolSpec {
	const {
		$schema: _,
		$defs: __,
		...schema
	} = z.toJSONSchema(input, {
		io: 'input',
		override: ({zodSchema, jsonSchema}) => {
			// `z.json()` refers to itself; "any object" tells a model the same.
			if (zodSchema instanceof z.ZodRecord) {
				delete jsonSchema.propertyNames;
				jsonSchema.additionalProperties = true;
			}

			if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) {
				delete jsonSchema.maximum;
			}

			delete jsonSchema.minLength;
			delete jsonSchema.maxLength;
		},
	});
	return {name, description, input: schema as JsonSchema};
}
