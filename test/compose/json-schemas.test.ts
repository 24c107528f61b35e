import {readFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {
	listedRunsJsonSchema,
	runEventJsonSchema,
	runStateSchema,
	shownRunJsonSchema,
} from '../../source/compose/json-schemas.ts';

test.each([
	['events', runEventJsonSchema],
	['run-state', runStateSchema],
	['show', shownRunJsonSchema],
	['runs', listedRunsJsonSchema],
] as const)(
	'the published JSON Schema of %s is the one that is read with (npm run schema writes it)',
	async (name, schema) => {
		const file = new URL(`../../docs/${name}.schema.json`, import.meta.url);
		const published: unknown = JSON.parse(await readFile(file, 'utf8'));
		expect(published).toEqual(JSON.parse(JSON.stringify(schema())));
	},
);
