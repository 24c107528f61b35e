import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {createTools, toolSpec} from '../../source/tools/catalog.ts';
import {truncateMiddle, linesOf} from '../../source/tools/text-file.ts';

test('models get flat schemas with names, descriptions and no references', () => {
	const specs = createTools().map(toolSpec);
	expect(specs.map(spec => spec.name)).toEqual([
		'read_file',
		'list_files',
		'search',
		'write_file',
		'edit_file',
		'run_command',
		'send_message',
		'finish',
	]);
	for (const spec of specs) {
		expect(spec.input).toMatchObject({type: 'object', additionalProperties: false});
		expect(JSON.stringify(spec.input)).not.toMatch(/\$ref|\$defs|\$schema|9007199254740991/);
		expect(spec.description.length).toBeGreaterThan(20);
	}

	expect(specs[0]?.input).toEqual({
		type: 'object',
		properties: {
			path: {type: 'string', description: 'File, relative to the workspace'},
			offset: {type: 'integer', minimum: 1, description: 'First line to read, from 1'},
			limit: {type: 'integer', minimum: 1, description: 'Number of lines'},
			column: {type: 'integer', minimum: 1, description: 'First character in the line'},
		},
		required: ['path'],
		additionalProperties: false,
	});
	expect(specs.at(-1)?.input).toMatchObject({
		properties: {outputs: {type: 'object', additionalProperties: true}},
	});
});

test('a schema is one level of plain types, without what grammars of local servers choke on', () => {
	for (const {name, input} of createTools().map(toolSpec)) {
		const properties = Object.entries(input['properties'] ?? {});
		expect(properties.length, name).toBeGreaterThan(0);
		for (const [field, property] of properties) {
			const keys = Object.keys(property);
			expect(
				keys.filter(
					key => !['type', 'description', 'minimum', 'additionalProperties'].includes(key),
				),
				`${name}.${field}`,
			).toEqual([]);
			expect(['string', 'integer', 'boolean', 'object']).toContain(property.type);
		}
	}
});

test('all tools together take little of a small context, and none much of it', () => {
	const lengths = createTools().map(tool => JSON.stringify(toolSpec(tool)).length);
	expect(Math.max(...lengths)).toBeLessThanOrEqual(600);
	expect(lengths.reduce((sum, length) => sum + length)).toBeLessThanOrEqual(3_800);
});

test('the example of a right call is one, and short', () => {
	for (const tool of createTools()) {
		expect(tool.input.safeParse(tool.example), tool.name).toMatchObject({success: true});
		expect(JSON.stringify(tool.example).length).toBeLessThan(100);
	}
});

test('a capped text keeps both ends and is never much longer than allowed', () => {
	fc.assert(
		fc.property(
			fc.string({unit: 'grapheme', maxLength: 200}),
			fc.integer({min: 4, max: 100}),
			(text, max) => {
				const capped = truncateMiddle(text, max);
				if (Buffer.byteLength(text) <= max) {
					expect(capped).toBe(text);
				} else {
					expect(Buffer.byteLength(capped)).toBeLessThan(max + 60);
					expect(capped).toMatch(/\n… \d+ bytes left out …\n/);
				}
			},
		),
	);
});

test('lines joined give the text again', () => {
	fc.assert(
		fc.property(fc.array(fc.constantFrom('a', '\n', '\r\n', '')), parts => {
			expect(linesOf(parts.join('')).join('')).toBe(parts.join(''));
		}),
	);
});
