import {mkdir, writeFile} from 'node:fs/promises';
import {describe, expect, it} from 'vitest';
import {readUserConfig} from '../../source/config/user-config.ts';
import {temporaryHome} from './temporary-home.ts';

describe('the configuration of a person', () => {
	it('is optional, and so is everything in it', async () => {
		const home = await temporaryHome();
		expect(await readUserConfig(home)).toEqual({});
		await mkdir(home.directory);
		await writeFile(home.configFile, '{}');
		expect(await readUserConfig(home)).toEqual({});
	});

	it('names a provider to use by default', async () => {
		const home = await temporaryHome();
		await mkdir(home.directory);
		const defaultProvider = {type: 'lmstudio', model: 'qwen3'};
		await writeFile(home.configFile, JSON.stringify({defaultProvider, later: 1}));
		expect(await readUserConfig(home)).toEqual({defaultProvider});
	});

	it('that is wrong is named with its path and the place', async () => {
		const home = await temporaryHome();
		await mkdir(home.directory);
		await writeFile(home.configFile, '{"defaultProvider": {"type": "gpt"}}');
		await expect(readUserConfig(home)).rejects.toMatchObject({
			name: 'UsageError',
			message: expect.stringContaining(
				`${home.configFile} is not as it should be at "defaultProvider.type"`,
			),
		});
	});
});
