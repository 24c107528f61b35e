import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {expect, test} from 'vitest';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const example = fileURLToPath(new URL('../../examples/library.ts', import.meta.url));

test('a program of your own replaces provider, store, sandbox, tools and clock', async () => {
	const directory = await temporaryDirectory();
	const {stdout} = await execa(process.execPath, [example, directory]);
	expect(stdout.split('\n')).toEqual([
		'2030-01-01T12:00:00.000Z  call-0  2030-01-01T12:00:00.000Z',
		expect.stringMatching(/^2030-01-01T12:00:00.000Z {2}call-1 {2}Created greeting.txt/),
		'2030-01-01T12:00:00.000Z  call-2  Finished.',
		'completed: greeting.txt',
		'checks: test -s greeting.txt',
	]);
	expect(await readFile(path.join(directory, 'greeting.txt'), 'utf8')).toBe(
		'Hello from a library\n',
	);
});
