import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {ToolCall} from '../../source/core/chat.ts';
import {FailureError} from '../../source/core/failure.ts';
import type {Json} from '../../source/core/json.ts';
import {createPathGuard} from '../../source/sandbox/create-path-guard.ts';
import {createTools} from '../../source/tools/catalog.ts';
import {createToolbox} from '../../source/tools/create-toolbox.ts';
import {createNameFinder} from '../../source/tools/find-tool-name.ts';
import type {ToolContext} from '../../source/tools/tool.ts';
import {temporaryDirectory, writeFiles} from '../helpers/repository.ts';

type Fields = {readonly [key: string]: Json};

const toolbox = createToolbox();

describe('the name of a call', () => {
	test.each([
		'read_file',
		'readFile',
		'ReadFile',
		'READ_FILE',
		'read-file',
		'read.file',
		'read file',
		'functions.read_file',
		'functions.readFile',
		'default_api.read_file',
		'default_api:read_file',
		'tools/read_file',
		'mcp__files__read_file',
		'read_file<|channel|>commentary',
		'read_file()',
		'read_file(path)',
		' read_file\n',
	])('is read_file: %j', name => {
		expect(toolbox.effectOf(name)).toBe('read');
		expect(toolbox.accepts(name, {path: 'a'})).toBe('read_file');
	});

	test.each([
		'',
		'read',
		'file',
		'reed_file',
		'read_files',
		'read_file.txt',
		'constructor',
		'__proto__',
	])('is no tool: %j', name => {
		expect(toolbox.effectOf(name)).toBeUndefined();
		expect(toolbox.accepts(name, {path: 'a'})).toBeUndefined();
	});

	test('has the effect of the tool that will run, however it is written', () => {
		expect(toolbox.effectOf('functions.run_command')).toBe('command');
		expect(toolbox.effectOf('RunCommand')).toBe('command');
		expect(toolbox.effectOf('WriteFile')).toBe('write');
	});

	test('is no tool when it may be one of two', () => {
		const find = createNameFinder(['read_file', 'readFile', 'search']);
		expect(['read_file', 'readFile', 'READ_FILE', 'Search'].map(find)).toEqual([
			'read_file',
			'readFile',
			undefined,
			'search',
		]);
	});

	test('is answered with the exact names and the nearest one when there is no such tool', async () => {
		expect(await refusal(call('reed_file', {path: 'a'}))).toMatch(
			/no tool "reed_file". Did you mean read_file\? Tools: read_file, list_files, /,
		);
		expect(await refusal(call('zzz', {}))).toMatch(/no tool "zzz". Tools: /);
	});
});

describe('the arguments of a call', () => {
	test.each<[what: string, name: string, given: Json, meant: Fields]>([
		['a number as text', 'read_file', {path: 'a', offset: '3'}, {path: 'a', offset: 3}],
		['a truth value as text', 'list_files', {recursive: 'true'}, {recursive: true}],
		['the same in Python', 'list_files', {recursive: 'False'}, {recursive: false}],
		[
			'an object as text',
			'finish',
			{summary: 's', outputs: '{"a":[1]}'},
			{summary: 's', outputs: {a: [1]}},
		],
		[
			'null for what may be absent',
			'read_file',
			{path: 'a', offset: null, limit: null},
			{path: 'a'},
		],
		['all of it in a field', 'read_file', {arguments: {path: 'a'}}, {path: 'a'}],
		['all of it in another field', 'read_file', {input: {path: 'a'}}, {path: 'a'}],
		['in a field of the name of the tool', 'read_file', {read_file: {path: 'a'}}, {path: 'a'}],
		['in a field, as text', 'read_file', {arguments: '{"path":"a"}'}, {path: 'a'}],
		['in two fields', 'read_file', {input: {parameters: {path: 'a'}}}, {path: 'a'}],
		[
			'the whole call once more',
			'read_file',
			{name: 'read_file', arguments: {path: 'a'}},
			{path: 'a'},
		],
		[
			'names in another form',
			'edit_file',
			{Path: 'a', oldText: 'x', 'new-text': 'y'},
			{path: 'a', old_text: 'x', new_text: 'y'},
		],
		[
			'text that looks like a number',
			'write_file',
			{path: '3', content: '42'},
			{path: '3', content: '42'},
		],
		[
			'text that looks like JSON',
			'write_file',
			{path: 'a.json', content: '{"a":1}'},
			{path: 'a.json', content: '{"a":1}'},
		],
	])('are understood: %s', (_, name, given, meant) => {
		const args = given as Fields;
		expect(toolbox.accepts(name, args)).toBe(name);
		expect(toolbox.normalize(call(name, args)).arguments).toEqual(meant);
	});

	test.each<[name: string, given: Fields, parts: readonly string[]]>([
		['read_file', {path: 'a', offset: 'three'}, ['offset: ', 'expected number']],
		['read_file', {offset: 0}, ['path is missing', 'offset: ']],
		['read_file', {path: 3}, ['path: ', 'expected string']],
		['read_file', {path: 'a', offset: '1.5'}, ['offset: ']],
		['read_file', {path: null}, ['path: ', 'expected string']],
		['finish', {summary: 's', outputs: '[1]'}, ['outputs: ']],
		['finish', {summary: ''}, ['summary: ']],
		['list_files', {arguments: 'src'}, ['unknown field arguments']],
		['edit_file', {path: 'a', old_text: 'x'}, ['new_text is missing']],
		[
			'edit_file',
			{path: 'a', old_text: 'x', oldText: 'z', new_text: 'y'},
			['unknown field oldText'],
		],
		['write_file', {path: 'a', content: {a: 1}}, ['content: ', 'expected string']],
	])('of %s are refused with what was expected: %j', async (name, given, parts) => {
		expect(toolbox.accepts(name, given)).toBeUndefined();
		expect(toolbox.normalize(call(name, given))).toEqual(call(name, given));
		const text = await refusal(call(name, given));
		for (const part of [...parts, `A right call: ${name} {`]) {
			expect(text).toContain(part);
		}
	});

	test('are refused when they are no object, with the place of the fault', async () => {
		const torn = {
			kind: 'tool-call',
			id: '1',
			name: 'search',
			argumentsText: '{"pattern": "a" "b"}',
		} as const;
		expect(await refusal(torn)).toMatch(
			/^The arguments of search are not a JSON object \(.*position 16.*\)\. A right call: search \{"pattern":/,
		);
	});

	test('are a bad call when they are wrapped without end', async () => {
		let args: Fields = {path: 'a'};
		for (let depth = 0; depth < 100_000; depth++) {
			args = {input: args};
		}
		const given = {kind: 'tool-call', id: '1', name: 'read_file', argumentsText: ''} as const;
		expect(await refusal({...given, arguments: args})).toContain('path is missing');
	});

	test('are input or a bad call, whatever a model sends', async () => {
		const value = fc.oneof(fc.jsonValue(), fc.constantFrom('a', '3', 'true', '{}', null));
		const keys = fc.constantFrom(
			'path',
			'offset',
			'summary',
			'input',
			'constructor',
			'__proto__',
			'text',
		);
		await fc.assert(
			fc.asyncProperty(
				fc.constantFrom(...createTools().map(({name}) => name)),
				fc.oneof(fc.dictionary(keys, value), fc.dictionary(fc.string(), value)),
				async (name, args) => {
					const given = call(name, args as Fields);
					const accepted = toolbox.accepts(name, args as Fields);
					expect([name, undefined]).toContain(accepted);
					const fit = toolbox.normalize(given);
					expect(toolbox.normalize(fit)).toEqual(fit);
					if (accepted === undefined) {
						expect(await refusal(given)).toContain(`Wrong arguments of ${name}`);
					}
				},
			),
		);
	});
});

describe('a field that a tool does not have', () => {
	test('is left out where nothing can happen by it, and the result says so', async () => {
		const context = contextWith({'a.txt': 'one\n'});
		const prepared = await toolbox.prepare(
			call('read_file', {path: 'a.txt', encoding: 'utf8', tail: true}),
			context,
		);
		expect(await prepared.execute(new AbortController().signal)).toMatchObject({
			ok: true,
			text: 'one\n\n[unknown and not heeded: encoding, tail]',
		});
	});

	test.each<[string, Fields]>([
		['run_command', {command: 'rm -rf build', cwd: 'packages/a'}],
		['run_command', {command: 'make deploy', dry_run: true}],
		['write_file', {path: 'a', content: 'x', append: true}],
		['edit_file', {path: 'a', old_text: 'x', new_text: 'y', replace_all: true}],
	])('is refused where leaving it out could do harm: %s %j', async (name, args) => {
		expect(toolbox.accepts(name, args)).toBeUndefined();
		expect(await refusal(call(name, args))).toMatch(/unknown field \w+\. A right call/);
	});

	test.each<[string, Fields]>([
		['run_command', {command: 'ls', description: 'Lists the files'}],
		['run_command', {command: 'ls', cwd: null, timeout: ''}],
		['write_file', {path: 'a', content: 'x', reasoning: 'because'}],
	])('is left out anywhere when it only explains, or is empty: %s %j', (name, args) => {
		expect(toolbox.accepts(name, args)).toBe(name);
	});
});

function call(name: string, args: Fields): ToolCall {
	return {
		kind: 'tool-call',
		id: '1',
		name,
		argumentsText: JSON.stringify(args),
		arguments: {...args},
	};
}

async function refusal(given: ToolCall): Promise<string> {
	try {
		await toolbox.prepare(given, contextWith({}));
		return 'not refused';
	} catch (error) {
		expect(error).toBeInstanceOf(FailureError);
		expect(error).toHaveProperty('kind', 'bad-call');
		return error instanceof Error ? error.message : '';
	}
}

function contextWith(files: Record<string, string>): ToolContext {
	const root = temporaryDirectory('toolbox');
	writeFiles(root, files);
	return {
		files: createPathGuard(root),
		sandbox: {
			confinement: {backend: 'none', label: 'UNSANDBOXED', confined: false},
			killLeftovers: async () => undefined,
			run: async () => Promise.reject(new Error('no command expected')),
		},
		known: new Map(),
		maxResult: () => 30 * 1024,
		readResult: async () => undefined,
		commandTimeoutMs: 1_000,
		sendMessage: async () => 'sent',
	};
}
