import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {runEventJsonSchema} from '../source/compose/event-schema.ts';

/* Writes the published JSON Schema of the events. A test compares the file with the schemas. */
const file = path.join(import.meta.dirname, '..', 'docs', 'events.schema.json');
await writeFile(file, `${JSON.stringify(runEventJsonSchema(), undefined, '\t')}\n`);
