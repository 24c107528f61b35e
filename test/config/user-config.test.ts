import {mkdir, writeFile} from 'node:fs/promises';
import {describe, expect, test} from 'vitest';
import {readUserConfig} from '../../source/config/user-config.ts';
import {temporaryHome} from './temporary-home.ts';

describe('the configuration of a person', () => {
	test('is optional, and so is everything in it', async () => {
		const home = await temporaryHome();
		expect(await readUserConfig(home)).toEqual({});
		await mkdir(home.directory);
		await writeFile(home.configFile, '{}');
		expect(await readUserConfig(home)).toEqual({});
	});

	test('names a provider to use by default', async () => {
		const home = await temporaryHome();
		await mkdir(home.directory);
		const defaultProvider = {type: 'lmstudio', model: 'qwen3'};
		await writeFile(home.configFile, JSON.stringify({defaultProvider, later: 1}));
		expect(await readUserConfig(home)).toEqual({defaultProvider});
	});

	test.each([
		[{price: {}}, 'price', 'prices'],
		[{defaultProvidr: {type: 'demo'}}, 'defaultProvidr', 'defaultProvider'],
		[{defaultProvider: {type: 'demo', modell: 'm'}}, 'defaultProvider.modell', 'model'],
		[{prices: {m: {input: 1, output: 1, cacheread: 1}}}, 'prices.m.cacheread', 'cacheRead'],
	])('with a misspelled key is refused, and says which was meant: %#', async (text, key, meant) => {
		const home = await temporaryHome();
		await mkdir(home.directory);
		await writeFile(home.configFile, JSON.stringify(text));
		await expect(readUserConfig(home)).rejects.toMatchObject({
			name: 'UsageError',
			message: `${home.configFile} has no key "${key}"; did you mean "${meant}"?`,
		});
	});

	test('may price models of any name', async () => {
		const home = await temporaryHome();
		await mkdir(home.directory);
		const prices = {prices: {input: 1, output: 2}, inputs: {input: 1, output: 2}};
		await writeFile(home.configFile, JSON.stringify({prices}));
		expect(await readUserConfig(home)).toEqual({prices});
	});

	test('that is wrong is named with its path and the place', async () => {
		const home = await temporaryHome();
		await mkdir(home.directory);
		await writeFile(home.configFile, '{"defaultProvider": {"type": "G P T"}}');
		await expect(readUserConfig(home)).rejects.toMatchObject({
			name: 'UsageError',
			message: expect.stringContaining(`${home.configFile} is not valid at "defaultProvider.type"`),
		});
	});
});
