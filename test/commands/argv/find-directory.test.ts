import {mkdir, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {findDirectory} from '../../../source/commands/argv/find-directory.ts';
import {temporaryDirectory} from '../../helpers/temporary-directory.ts';

/** Where the program runs, and a home, with `work/` in each of them. */
async function place() {
	const [base, userHome] = [await temporaryDirectory(), await temporaryDirectory()];
	await mkdir(path.join(base, 'work'));
	await mkdir(path.join(userHome, 'work'));
	const find = async (written: string, from = base) =>
		findDirectory(written, {base: from, userHome});
	return {base, userHome, find};
}

describe('the directory that a person means', () => {
	test('may be absolute, relative to where the program runs, or in their home', async () => {
		const {base, userHome, find} = await place();
		const work = path.join(base, 'work');
		for (const written of [work, 'work', './work/', 'work/../work']) {
			expect(await find(written)).toBe(work);
		}

		expect(await find('.')).toBe(base);
		expect(await find('~')).toBe('~');
		expect(await find('~/work/')).toBe('~/work');
		expect(await find(path.join(userHome, 'work'))).toBe('~/work');
		expect(await find('..', '~/work')).toBe('~');
		await expect(find('~work')).rejects.toThrow(`${path.join(base, '~work')} does not exist`);
	});

	test('has to be there, and says where it was looked for', async () => {
		const {base, find} = await place();
		await expect(find('nope')).rejects.toMatchObject({
			message: `${path.join(base, 'nope')} does not exist`,
			hint: 'create it first or choose another one',
		});
	});

	test('has to be a directory', async () => {
		const {base, find} = await place();
		await writeFile(path.join(base, 'file'), '');
		await expect(find('file')).rejects.toThrow(`${path.join(base, 'file')} is a file`);
		await expect(find('file/in')).rejects.toThrow(`cannot access ${base}/file/in (ENOTDIR)`);
		await symlink('loop', path.join(base, 'loop'));
		await expect(find('loop')).rejects.toThrow(`cannot access ${base}/loop (ELOOP)`);
		await expect(find('a\0b')).rejects.toMatchObject({name: 'UsageError'});
	});

	test('has to be one that this process may write to', async () => {
		const base = await temporaryDirectory();
		const refuse = async () => {
			throw new Error('EROFS');
		};
		await expect(findDirectory('.', {base, userHome: '/home/ada'}, refuse)).rejects.toMatchObject({
			message: `you cannot write to ${base}`,
		});
	});
});
