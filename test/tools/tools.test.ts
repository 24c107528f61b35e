import {chmodSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {FailureError} from '../../source/core/failure.ts';
import type {Json} from '../../source/core/json.ts';
import {createPathGuard} from '../../source/sandbox/create-path-guard.ts';
import type {CommandSpec, Sandbox} from '../../source/sandbox/sandbox.ts';
import {createToolbox} from '../../source/tools/create-toolbox.ts';
import {hashOf} from '../../source/tools/text.ts';
import type {ToolContext} from '../../source/tools/tool.ts';
import type {Files} from '../helpers/repository.ts';
import {readFiles, temporaryDirectory, writeFiles} from '../helpers/repository.ts';

const never = new AbortController().signal;

function workshop(files: Files, more: Partial<ToolContext> = {}) {
	const root = temporaryDirectory('tools');
	writeFiles(root, files);
	const context: ToolContext = {
		files: createPathGuard(root),
		sandbox: {
			confinement: {backend: 'none', label: 'UNSANDBOXED', confined: false},
			endLeftovers: async () => undefined,
			run: () => Promise.reject(new Error('no command expected')),
		},
		known: new Map(),
		maxResult: () => 30 * 1024,
		readResult: async () => undefined,
		commandTimeoutMs: 1000,
		sendMessage: () => 'sent',
		...more,
	};
	const toolbox = createToolbox();
	const prepare = (name: string, args: {readonly [key: string]: Json}) =>
		toolbox.prepare(
			{kind: 'tool-call', id: '1', name, argumentsText: JSON.stringify(args), arguments: args},
			context,
		);
	const call = async (name: string, args: {readonly [key: string]: Json}) => {
		try {
			const prepared = await prepare(name, args);
			return await prepared.execute(never);
		} catch (error) {
			if (error instanceof FailureError) {
				return {ok: false, kind: error.kind, text: error.message};
			}

			throw error;
		}
	};
	return {root, context, prepare, call};
}

describe('read_file', () => {
	test('shows less at once to a model with little context, and says how to go on', async () => {
		const text = Array.from({length: 400}, (_, index) => `line ${index + 1}`).join('\n');
		const {call} = workshop({'a.txt': text}, {maxResult: () => 1_500});
		const first = await call('read_file', {path: 'a.txt'});
		expect(first.text.length).toBeLessThan(1_500);
		const [, next = ''] =
			/\[lines 1 to \d+ of 400; go on with offset (\d+)\]$/.exec(first.text) ?? [];
		const second = await call('read_file', {path: 'a.txt', offset: Number(next)});
		expect(second.text).toMatch(new RegExp(`^line ${next}\n`));
	});

	test('shows any part of a result that was shown in part', async () => {
		const whole = 'one\ntwo\nthree\nfour';
		const {call} = workshop(
			{},
			{readResult: async name => (name === '@output-1' ? whole : undefined)},
		);
		expect(await call('read_file', {path: '@output-1', offset: 2, limit: 2})).toEqual({
			ok: true,
			text: 'two\nthree\n[lines 2 to 3 of 4; go on with offset 4]',
		});
		expect(await call('read_file', {path: '@output-2'})).toMatchObject({
			ok: false,
			text: 'There is no result @output-2',
		});
	});

	test('gives the text exactly, and remembers what was seen', async () => {
		const {call, context} = workshop({'a.txt': '\uFEFFone\r\n\ttwo \n\nthree'});
		const {text} = await call('read_file', {path: './a.txt'});
		expect(text).toBe('\uFEFFone\r\n\ttwo \n\nthree');
		expect(context.known.get('a.txt')).toBe(hashOf(Buffer.from(text)));
	});

	test('gives parts, and says how to go on', async () => {
		const {call} = workshop({'a.txt': '1\n2\n3\n4\n', empty: ''});
		expect((await call('read_file', {path: 'a.txt', offset: 2, limit: 2})).text).toBe(
			'2\n3\n[lines 2 to 3 of 4; go on with offset 4]',
		);
		expect((await call('read_file', {path: 'a.txt', offset: 4})).text).toBe(
			'4\n[lines 4 to 4 of 4]',
		);
		expect((await call('read_file', {path: 'a.txt', offset: 5})).text).toMatch(/only 4 lines/);
		expect((await call('read_file', {path: 'empty'})).text).toBe('[the file is empty]');
	});

	test('gives of a long file as many whole lines as fit', async () => {
		const {call} = workshop({long: 'äöü line\n'.repeat(10_000)});
		const {text} = await call('read_file', {path: 'long'});
		expect(Buffer.byteLength(text)).toBeLessThan(31 * 1024);
		const [, last, next] =
			/\n\[lines 1 to (\d+) of 10000; go on with offset (\d+)\]$/.exec(text) ?? [];
		expect(Number(next)).toBe(Number(last) + 1);
	});

	test.each([
		['a result', 'x'.repeat(100_000), '@output-1', 1_500],
		['a file', 'x'.repeat(100_000), 'wide.txt', 30 * 1024],
		['characters of many bytes', 'aä€😀'.repeat(3_000), 'wide.txt', 1_500],
		['a line between others', `one\n${'wide '.repeat(1_000)}\r\nthree\nfour`, 'wide.txt', 1_500],
		['a long line at the end', `one\n${'wide '.repeat(1_000)}\n`, 'wide.txt', 1_500],
	])('gives all of %s, however long its lines are', async (_, whole, path, most) => {
		const {call} = workshop(
			{'wide.txt': whole},
			{maxResult: () => most, readResult: async () => whole},
		);
		let text = '';
		let place: Record<string, number> | undefined = {};
		while (place) {
			const shown: string = (await call('read_file', {path, ...place})).text;
			expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(most);
			const [note = '', what, end, next, offset, column] =
				/\n\[(line|lines) .*? to (\d+) of \d+(; go on with offset (\d+)(?:, column (\d+))?)?\]$/.exec(
					shown,
				) ?? [];
			expect([note, end]).not.toContain(undefined);
			const isEndOfLine = what === 'lines' || column === undefined;
			text += shown.slice(0, -note.length) + (isEndOfLine ? '\n' : '');
			place = next
				? {offset: Number(offset), ...(column ? {column: Number(column)} : {})}
				: undefined;
		}

		expect(text).toBe(whole.endsWith('\n') ? whole : `${whole}\n`);
	});

	test('says where a long line ends, and that there is no more of it', async () => {
		const {call} = workshop({wide: `${'x'.repeat(2_000)}\nend`}, {maxResult: () => 1_500});
		expect((await call('read_file', {path: 'wide'})).text).toBe(
			`${'x'.repeat(1_380)}\n[line 1, characters 1 to 1380 of 2000; go on with offset 1, column 1381]`,
		);
		expect((await call('read_file', {path: 'wide', column: '1991'})).text).toBe(
			`${'x'.repeat(10)}\n[line 1, characters 1991 to 2000 of 2000; go on with offset 2]`,
		);
		expect((await call('read_file', {path: 'wide', offset: 2, column: 2})).text).toBe(
			'nd\n[line 2, characters 2 to 3 of 3]',
		);
		expect(await call('read_file', {path: 'wide', column: 2_001})).toMatchObject({
			kind: 'tool-failed',
			text: 'Line 1 has only 2000 characters',
		});
	});

	test('refuses politely what is missing, binary, or outside', async () => {
		const {call} = workshop({bin: Buffer.from([1, 0, 2]), latin: Buffer.from([0x66, 0xfc, 0x72])});
		expect(await call('read_file', {path: 'nope'})).toMatchObject({kind: 'tool-failed'});
		expect(await call('read_file', {path: 'bin'})).toMatchObject({
			text: expect.stringContaining('binary'),
		});
		expect(await call('read_file', {path: 'latin'})).toMatchObject({ok: false});
		expect(await call('read_file', {path: '../x'})).toMatchObject({kind: 'denied'});
	});
});

describe('write_file', () => {
	test('announces what it will do, does it, and lets the agent edit on', async () => {
		const {root, prepare, call} = workshop({});
		const prepared = await prepare('write_file', {path: 'src/new.ts', content: 'a\nb\n'});
		expect(prepared).toMatchObject({
			summary: 'write_file src/new.ts (2 lines)',
			intent: {path: 'src/new.ts', before: null, after: hashOf(Buffer.from('a\nb\n'))},
			permission: {detail: 'src/new.ts\na\nb\n'},
		});
		expect(readFiles(root)).toEqual({});
		expect(await prepared.execute(never)).toMatchObject({
			ok: true,
			files: [{path: 'src/new.ts', hash: prepared.intent?.after, written: true}],
		});
		expect(
			await call('edit_file', {path: 'src/new.ts', old_text: 'b', new_text: 'c'}),
		).toMatchObject({ok: true});
		expect(readFiles(root)).toEqual({'src/new.ts': 'a\nc\n'});
	});

	test('does not replace what the agent has not seen, or what changed while permission was asked', async () => {
		const {root, prepare, call} = workshop({a: 'precious'});
		expect(await call('write_file', {path: 'a', content: 'x'})).toMatchObject({
			ok: false,
			text: expect.stringContaining('Read a with read_file'),
		});
		await call('read_file', {path: 'a'});
		const prepared = await prepare('write_file', {path: 'a', content: 'x'});
		writeFiles(root, {a: 'somebody else'});
		await expect(prepared.execute(never)).rejects.toMatchObject({kind: 'tool-failed'});
		expect(readFiles(root)).toEqual({a: 'somebody else'});
	});
});

describe('edit_file', () => {
	const file =
		'function add(a, b) {\n\treturn a + b;\n}\n\nfunction sub(a, b) {\n\treturn a - b;\n}\n';
	const known = async (files: Files) => {
		const made = workshop(files);
		for (const name of Object.keys(files)) {
			await made.call('read_file', {path: name});
		}

		return made;
	};

	test('replaces one piece and keeps the rest and the mode', async () => {
		const {root, prepare} = await known({'a.js': {executable: file}});
		const prepared = await prepare('edit_file', {
			path: 'a.js',
			old_text: '\treturn a + b;',
			new_text: '\t// $& $1\n\treturn b + a;',
		});
		expect(prepared).toMatchObject({
			summary: 'edit_file a.js (+2 −1)',
			permission: {detail: 'a.js\n- \treturn a + b;\n+ \t// $& $1\n+ \treturn b + a;'},
			intent: {before: hashOf(Buffer.from(file))},
		});
		await prepared.execute(never);
		expect(readFiles(root)).toEqual({
			'a.js': `x ${file.replace('return a + b;', () => '// $& $1\n\treturn b + a;')}`,
		});
	});

	test('needs a look at the file as it is now', async () => {
		const {root, call} = workshop({'a.js': file});
		const args = {path: 'a.js', old_text: 'a + b', new_text: 'x'};
		expect((await call('edit_file', args)).text).toMatch(/^Read a.js with read_file/);
		await call('read_file', {path: 'a.js'});
		writeFiles(root, {'a.js': `${file}\n`});
		expect((await call('edit_file', args)).text).toMatch(/changed since you last saw it/);
		expect((await call('edit_file', {...args, path: 'nope'})).text).toBe('There is no file nope');
	});

	test('says what to do when the text is not there once', async () => {
		const {call} = await known({'a.js': file});
		const edit = async (old: string) =>
			(await call('edit_file', {path: 'a.js', old_text: old, new_text: 'x'})).text;
		expect(await edit('(a, b) {')).toMatch(/occurs 2 times in a.js \(lines 1, 5\)/);
		expect(await edit('function add(a, b) {\n  return a + b;\n}')).toMatch(
			/only in white space; the file has, from line 1:\nfunction add\(a, b\) \{\n\treturn a \+ b;\n\}$/,
		);
		expect(await edit('\treturn a - bb;')).toMatch(
			/nearest lines, from line 4, are:[^]*return a - b;/,
		);
		expect(await edit('zzzz qqqq')).toMatch(/Nothing in it is alike/);
		expect(await edit('')).toMatch(/old_text/);
	});

	test('keeps line ends of Windows although models write others', async () => {
		const {root, call} = await known({a: 'one\r\ntwo\r\nthree\r\n'});
		expect(
			await call('edit_file', {path: 'a', old_text: 'one\ntwo\n', new_text: '1\n2\n'}),
		).toMatchObject({ok: true});
		expect(readFileSync(path.join(root, 'a'), 'utf8')).toBe('1\r\n2\r\nthree\r\n');
	});
});

describe('list_files', () => {
	test('lists one level or all, with sizes, without opening dependencies', async () => {
		const {call} = workshop({
			'a.txt': '12345',
			'src/deep/b': 'x',
			'node_modules/dep/x': 'x',
			'.git/config': 'x',
			link: {link: 'src'},
		});
		expect((await call('list_files', {})).text).toBe(
			'a.txt  5\nlink  [link or other]\nnode_modules/\nsrc/',
		);
		expect((await call('list_files', {recursive: true})).text).toBe(
			'a.txt  5\nlink  [link or other]\nnode_modules/\nsrc/\nsrc/deep/\nsrc/deep/b  1',
		);
		expect((await call('list_files', {path: 'src/deep'})).text).toBe('src/deep/b  1');
		expect(await call('list_files', {path: 'nope'})).toMatchObject({ok: false});
	});

	test('stops at its limit and says so', async () => {
		const files = Object.fromEntries(Array.from({length: 450}, (_, i) => [`d/f${i}`, '']));
		const {text} = await workshop(files).call('list_files', {path: 'd'});
		expect(text.split('\n')).toHaveLength(401);
		expect(text).toMatch(/there is more/);
	});
});

describe('search', () => {
	test('finds texts and expressions, in order, with path and line', async () => {
		const {call} = workshop({
			'b.ts': 'const Foo = 1;\n\n  foo(2);\n',
			'a/x.ts': 'foo\r\n',
			'node_modules/x': 'foo',
			bin: Buffer.from('foo\0'),
		});
		expect((await call('search', {pattern: 'foo'})).text).toBe('b.ts:3:   foo(2);\na/x.ts:1: foo');
		expect((await call('search', {pattern: '^\\s*foo\\(\\d\\)', path: 'b.ts'})).text).toBe(
			'b.ts:3:   foo(2);',
		);
		expect((await call('search', {pattern: 'FOO', ignore_case: true, path: 'b.ts'})).text).toMatch(
			/b.ts:1:.*\nb.ts:3:/,
		);
		expect((await call('search', {pattern: 'nothing like it'})).text).toBe('No matches.');
		expect((await call('search', {pattern: 'foo(', path: 'b.ts'})).text).toMatch(
			/^\[searched as plain text: .*\]\nb.ts:3:   foo\(2\);$/,
		);
	});

	test('cannot be made to hang by a pattern, and lets others have their turn', async () => {
		const line = `${'a'.repeat(5000)}!\n`;
		const {call} = workshop({evil: line.repeat(300)});
		let turns = 0;
		let searching = true;
		const takeTurn = () => {
			turns += 1;
			if (searching) {
				setImmediate(takeTurn);
			}
		};
		setImmediate(takeTurn);
		const {text} = await call('search', {pattern: '^(a+)+$'});
		searching = false;
		expect(text).toBe('No matches.');
		// The file is read by parts of some 100,000 characters, with a turn for others between.
		expect(turns).toBeGreaterThan(8);
	});

	test('is capped and says so', async () => {
		const {call} = workshop({many: 'x\n'.repeat(1000), wide: `x${'y'.repeat(1000)}\n`});
		const {text} = await call('search', {pattern: 'x', path: 'many'});
		expect(text.split('\n')).toHaveLength(201);
		expect(text).toMatch(/there are more matches/);
		expect((await call('search', {pattern: 'x', path: 'wide'})).text.length).toBeLessThan(350);
	});

	test('can be cancelled', async () => {
		const {prepare} = workshop({a: 'x'});
		const prepared = await prepare('search', {pattern: 'x'});
		await expect(prepared.execute(AbortSignal.abort())).rejects.toThrow();
	});
});

describe('run_command', () => {
	const sandboxThat = (result: Partial<Awaited<ReturnType<Sandbox['run']>>>) => {
		const specs: CommandSpec[] = [];
		const sandbox: Sandbox = {
			confinement: {backend: 'none', label: 'UNSANDBOXED', confined: false},
			endLeftovers: async () => undefined,
			async run(spec) {
				specs.push(spec);
				return {exitCode: 0, endedBy: 'exit', output: '', outputBytes: 0, durationMs: 1, ...result};
			},
		};
		return {sandbox, specs};
	};

	test('asks for the whole command and runs exactly that', async () => {
		const {sandbox, specs} = sandboxThat({output: 'hi\n'});
		const {root, prepare} = workshop({}, {sandbox});
		const command = `echo hi && ${'x'.repeat(5000)}`;
		const prepared = await prepare('run_command', {command});
		expect(prepared.permission).toEqual({
			detail: command,
			reason: 'Runs in the workspace, UNSANDBOXED',
		});
		expect(specs).toEqual([]);
		expect(await prepared.execute(never)).toEqual({ok: true, text: 'exit code 0\nhi\n'});
		expect(specs).toMatchObject([{command, directory: root, timeoutMs: 1000}]);
	});

	test.each([
		[{exitCode: 1, output: 'no'}, 'exit code 1\nno'],
		[{exitCode: null, endedBy: 'timeout' as const}, 'ended: it took longer than 1 s\n[no output]'],
		[{exitCode: null, endedBy: 'signal' as const}, 'ended by a signal\n[no output]'],
	])('tells how %j ended', async (result, text) => {
		const {sandbox} = sandboxThat(result);
		expect(await workshop({}, {sandbox}).call('run_command', {command: 'x'})).toEqual({
			ok: false,
			text,
		});
	});
});

test('send_message hands the message on and finish only says so', async () => {
	const sent: unknown[] = [];
	const {call} = workshop(
		{},
		{sendMessage: (to, text) => `${to} got ${text} (${sent.push(text)})`},
	);
	expect(await call('send_message', {to: 'ben', text: 'hello'})).toEqual({
		ok: true,
		text: 'ben got hello (1)',
	});
	expect(await call('finish', {summary: 'done', outputs: {count: 3}})).toEqual({
		ok: true,
		text: 'Finished.',
	});
	expect(await call('finish', {outputs: {}})).toMatchObject({
		kind: 'bad-call',
		text: expect.stringContaining('summary is missing'),
	});
});

test.skipIf(process.getuid?.() === 0)('a protected file is a result, not a crash', async () => {
	const {root, call} = workshop({a: 'x'});
	chmodSync(path.join(root, 'a'), 0);
	expect(await call('read_file', {path: 'a'})).toMatchObject({kind: 'tool-failed'});
});
