import {readFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {runEventJsonSchema} from '../../source/compose/event-schema.ts';

test('the published JSON Schema is the one that the events are read with (npm run schema writes it)', async () => {
	const file = new URL('../../docs/events.schema.json', import.meta.url);
	const published: unknown = JSON.parse(await readFile(file, 'utf8'));
	expect(published).toEqual(JSON.parse(JSON.stringify(runEventJsonSchema())));
});
