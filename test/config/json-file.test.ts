import {chmod, mkdir, readdir, readFile, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {z} from 'zod';
import {readJsonFile, writeJsonFile} from '../../source/config/json-file.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const schema = z.object({list: z.array(z.object({size: z.number()}))});

describe('reading a JSON file', () => {
	test('gives undefined when there is none', async () => {
		const directory = await temporaryDirectory();
		expect(await readJsonFile(path.join(directory, 'x.json'), schema)).toBeUndefined();
		expect(await readJsonFile(path.join(directory, 'no', 'x.json'), schema)).toBeUndefined();
	});

	test('gives what it holds', async () => {
		const file = await fileWith('{"list":[{"size":1}]}');
		expect(await readJsonFile(file, schema)).toEqual({list: [{size: 1}]});
	});

	test.each([
		['broken', '{"list": [1,]}', / is not JSON: .*']'.*\[1,\]/],
		['broken later', '{\n\t"list": [1 2]\n}', / is not JSON: .*line 2 column 13/],
		['cut', '{"list": [', / is not JSON: .*end/],
		['empty', '', / is not JSON: .*end/],
		['of the wrong shape', '{"list": [{"size": "big"}]}', / at "list\[0\]\.size": .*number/],
		['no object', '[]', / is not valid: .*object/],
	])('that is %s names path, place and what was expected', async (_, text, problem) => {
		const file = await fileWith(text);
		const error = await failureOf(file);
		expect(error).toMatchObject({
			name: 'UsageError',
			hint: 'fix the file or move it out of the way',
		});
		expect(error.message).toMatch(problem);
		expect(error.message.startsWith(file)).toBe(true);
	});

	test('that is far too large is not read', async () => {
		const file = await fileWith(`{"list":[]}${' '.repeat(1024 * 1024)}`);
		expect((await failureOf(file)).message).toBe(`${file} is larger than 1 MB`);
	});

	test('that cannot be read says why', async () => {
		const directory = await temporaryDirectory();
		expect((await failureOf(directory)).message).toMatch(`${directory} is not a regular file`);
	});

	test.skipIf(process.getuid?.() === 0)('that may not be read says why', async () => {
		const file = await fileWith('{}');
		await chmod(file, 0o000);
		expect((await failureOf(file)).message).toMatch(`cannot read ${file}: EACCES`);
	});
});

describe('writing a JSON file', () => {
	test('replaces it as a whole, for its owner alone, and leaves nothing else behind', async () => {
		const file = await fileWith('old');
		await writeJsonFile(file, {list: []});
		expect(await readFile(file, 'utf8')).toBe('{\n\t"list": []\n}\n');
		expect((await stat(file)).mode & 0o777).toBe(0o600);
		expect(await readdir(path.dirname(file))).toEqual([path.basename(file)]);
	});

	test('that fails leaves what was there, and nothing half-written', async () => {
		const directory = await temporaryDirectory();
		const file = path.join(directory, 'x.json');
		await mkdir(path.join(file, 'in-the-way'), {recursive: true});
		await expect(writeJsonFile(file, {})).rejects.toMatchObject({
			name: 'UsageError',
			message: expect.stringContaining(`cannot write ${file}: `),
		});
		expect(await readdir(directory)).toEqual(['x.json']);
		const lost = path.join(directory, 'no', 'x.json');
		await expect(writeJsonFile(lost, {})).rejects.toMatchObject({name: 'UsageError'});
	});

	test('by many at once leaves one of them, whole', async () => {
		const file = await fileWith('old');
		const values = Array.from({length: 20}, (_, size) => ({list: [{size}]}));
		await Promise.all(values.map(value => writeJsonFile(file, value)));
		expect(values).toContainEqual(await readJsonFile(file, schema));
		expect(await readdir(path.dirname(file))).toHaveLength(1);
	});
});

async function fileWith(text: string): Promise<string> {
	const file = path.join(await temporaryDirectory(), 'x.json');
	await writeFile(file, text);
	return file;
}

async function failureOf(file: string): Promise<Error> {
	const result = await readJsonFile(file, schema).catch((error: unknown) => error);
	if (result instanceof Error) {
		return result;
	}
	throw new Error('it was read');
}
