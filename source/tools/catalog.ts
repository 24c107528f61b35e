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

/** A tool whose input is checked by `readArguments` before it gets there. */
export type AnyTool = Tool<unknown>;

/** Every tool there is, in the order in which models are told of them. */
export function createTools(): readonly AnyTool[] {
	return [readFile, listFiles, search, writeFile, editFile, runCommand, sendMessage, finish];
}

/**
 * What a model is told about a tool. Lengths of text are left out, and held when a call is checked:
 * llama.cpp builds grammars from schemas and refuses all tools of a request for one long `maxLength`
 * (https://github.com/ggml-org/llama.cpp/issues/25923).
 */
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

			delete jsonSchema.minLength;
			delete jsonSchema.maxLength;
		},
	});
	return {name, description, input: schema as JsonSchema};
}
