import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {z} from 'zod';
import {FailureError} from '../../source/core/failure.ts';
import type {Json} from '../../source/core/json.ts';
import {createTools, parseCall, toolSpec} from '../../source/tools/catalog.ts';
import {createToolbox} from '../../source/tools/create-toolbox.ts';
import {capMiddle, linesOf} from '../../source/tools/text.ts';
import type {Tool} from '../../source/tools/tool.ts';

const input = z.strictObject({
	text: z.string(),
	count: z.int().min(1).optional(),
	flag: z.boolean().optional(),
	list: z.array(z.string()).optional(),
	values: z.record(z.string(), z.json()).optional(),
});

const tool: Tool<z.infer<typeof input>> = {
	name: 'sample',
	description: '',
	input,
	effect: 'read',
	prepare: () => Promise.reject(new Error('not called')),
};

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
		},
		required: ['path'],
		additionalProperties: false,
	});
	expect(specs.at(-1)?.input).toMatchObject({
		properties: {outputs: {type: 'object', additionalProperties: true}},
	});
});

test('text in the place of another type is read as that type', () => {
	const args = {text: '7', count: '3', flag: 'true', list: '["a"]', values: '{"a": [1]}'};
	expect(parseCall(tool, args)).toEqual({
		text: '7',
		count: 3,
		flag: true,
		list: ['a'],
		values: {a: [1]},
	});
});

test.each<[Json | undefined, readonly string[]]>([
	[{count: 'three', flag: 'yes'}, ['text is missing', 'count: ', 'flag: ']],
	[{text: 'x', count: 0}, ['count: ']],
	[{text: 'x', list: '{"a":1}', path: 'y'}, ['list: ', 'unknown field path']],
	[{text: 3}, ['text: ']],
	[{text: 'x', count: '1.5'}, ['count: ']],
	['text', ['one JSON object']],
	[undefined, ['one JSON object']],
])('%j is refused, naming every wrong field', (args, parts) => {
	let failure: unknown;
	try {
		parseCall(tool, args);
	} catch (error) {
		failure = error;
	}

	expect(failure).toBeInstanceOf(FailureError);
	expect(failure).toMatchObject({kind: 'bad-call'});
	for (const part of parts) {
		expect(failure).toHaveProperty('message', expect.stringContaining(part));
	}
});

test('whatever a model sends, the answer is input or a bad call', () => {
	fc.assert(
		fc.property(fc.constantFrom(...createTools()), fc.jsonValue(), (any, value) => {
			try {
				parseCall(any, value as Json);
			} catch (error) {
				expect(error).toMatchObject({kind: 'bad-call'});
			}
		}),
	);
});

test('the toolbox knows effects and refuses unknown tools and torn arguments', async () => {
	const toolbox = createToolbox();
	expect(toolbox.effectOf('edit_file')).toBe('write');
	expect(toolbox.effectOf('nope')).toBeUndefined();
	const context = {} as Parameters<typeof toolbox.prepare>[1];
	const call = {kind: 'tool-call', id: '1', argumentsText: '{'} as const;
	await expect(toolbox.prepare({...call, name: 'nope'}, context)).rejects.toMatchObject({
		kind: 'bad-call',
		message: expect.stringContaining('read_file'),
	});
	await expect(toolbox.prepare({...call, name: 'search'}, context)).rejects.toMatchObject({
		kind: 'bad-call',
	});
});

test('a capped text keeps both ends and is never much longer than allowed', () => {
	fc.assert(
		fc.property(
			fc.string({unit: 'grapheme', maxLength: 200}),
			fc.integer({min: 4, max: 100}),
			(text, max) => {
				const capped = capMiddle(text, max);
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
