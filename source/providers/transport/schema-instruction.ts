import type {JsonSchema} from '../../core/json.ts';

/** What a server that does not enforce a schema has to be told instead. */
export function schemaInstruction(schema: JsonSchema): string {
	return `Answer with one JSON document of this JSON Schema:\n${JSON.stringify(schema)}`;
}
