import {describe, expect, test} from 'vitest';
import {createTextCache} from '../../source/session/text-cache.ts';

function cacheOf(load: (key: string) => Promise<string> = async key => `text of ${key}`) {
	const loaded: string[] = [];
	let changes = 0;
	const cache = createTextCache<string>({
		nameOf: key => key,
		async load(key) {
			loaded.push(key);
			return load(key);
		},
		changed() {
			changes += 1;
		},
	});
	return {cache, loaded, changes: () => changes};
}

async function settle(): Promise<void> {
	for (let round = 0; round < 5; round++) {
		await Promise.resolve();
	}
}

describe('texts that are looked at', () => {
	test('are there once they were read, which is told; each is read once', async () => {
		const {cache, loaded, changes} = cacheOf();
		expect(cache.read('a')).toBeUndefined();
		expect(cache.read('a')).toBeUndefined();
		expect(changes()).toBe(0);
		await settle();
		expect(cache.read('a')).toBe('text of a');
		expect(changes()).toBe(1);
		expect(loaded).toEqual(['a']);
	});

	test('say so when they cannot be read, and are not tried again and again', async () => {
		const {cache, loaded} = cacheOf(async () => {
			throw new Error('the disk is gone');
		});
		cache.read('a');
		await settle();
		expect(cache.read('a')).toBe('[cannot read: the disk is gone]');
		expect(loaded).toEqual(['a']);
	});

	test('are kept as long as they are looked at, while others are forgotten', async () => {
		const {cache, loaded} = cacheOf();
		for (let index = 0; index < 300; index++) {
			cache.read('looked at');
			cache.read(`other ${index}`);
			await settle();
		}

		expect(loaded.filter(key => key === 'looked at')).toHaveLength(1);
		cache.read('other 0');
		await settle();
		expect(loaded.filter(key => key === 'other 0')).toHaveLength(2);
		cache.read('other 299');
		expect(loaded.filter(key => key === 'other 299')).toHaveLength(1);
	});
});
