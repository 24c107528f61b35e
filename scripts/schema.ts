import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {
	listedRunsJsonSchema,
	runEventJsonSchema,
	runStateSchema,
	shownRunJsonSchema,
} from '../source/compose/json-schemas.ts';

/* Writes the published JSON Schemas. A test compares the files with the schemas. */
const docs = path.join(import.meta.dirname, '..', 'docs');
for (const [name, schema] of [
	['events', runEventJsonSchema()],
	['run-state', runStateSchema()],
	['show', shownRunJsonSchema()],
	['runs', listedRunsJsonSchema()],
] as const) {
	const text = `${JSON.stringify(schema, undefined, '\t')}\n`;
	await writeFile(path.join(docs, `${name}.schema.json`), text);
}
