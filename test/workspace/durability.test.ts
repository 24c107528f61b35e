import {mkdir, unlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {expect, test} from 'vitest';
import {createSync} from '../../source/workspace/durability.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

test('objects that another git command is writing do not matter', async () => {
	const repository = await temporaryDirectory();
	const objects = path.join(repository, 'objects', 'f7');
	const heads = path.join(repository, 'refs', 'heads');
	await mkdir(objects, {recursive: true});
	await mkdir(heads, {recursive: true});
	await writeFile(path.join(heads, 'integration'), '');
	const sync = createSync(repository);
	for (let round = 0; round < 20; round++) {
		const unfinished = Array.from({length: 150}, (_, index) =>
			path.join(objects, `tmp_obj_${index}`),
		);
		await Promise.all(unfinished.map(async file => writeFile(file, 'half')));
		const done = sync();
		await Promise.all(unfinished.map(async file => unlink(file)));
		await expect(done).resolves.toBeUndefined();
	}
});
