import {expect, test} from 'vitest';
import {UsageError} from '../../../source/core/usage-error.ts';
import {full, open} from './full-home.ts';

/** A disk without anything called `nope`. */
const finding = {
	async findDirectory(written: string) {
		if (written.includes('nope')) {
			throw new UsageError(`${written} does not exist`, 'create it first or choose another one');
		}

		return written.replace(/\/$/, '');
	},
};

test('the directory of new runs is asked for, nothing being the one of the program', async () => {
	const test = open(full, finding);
	test.keys('w', 'ctrl+u');
	test.burst('/there');
	test.keys('enter');
	await test.settle();
	expect(test.home().directory).toBe('/there');
	expect(test.notice()).toBe('New runs will work in /there.');
	test.keys('i', 'x', 'enter');
	await test.settle();
	expect(test.calls[0]?.[1]).toMatchObject({directory: '/there'});
	const other = open({...full, directory: '/elsewhere'});
	other.keys('w', 'ctrl+u', 'enter');
	expect(other.home().directory).toBe('/home/ada/project');
});

test('a directory that is not there is told at once, where it can be mended', async () => {
	const test = open(full, finding);
	test.keys('w', 'ctrl+u');
	test.burst('/there/nope');
	test.keys('enter');
	await test.settle();
	expect(test.dialog()).toMatchObject({
		state: {text: '/there/nope'},
		problem: '/there/nope does not exist → create it first or choose another one',
	});
	expect(test.home().directory).toBe('/home/ada/project');
	test.keys(...Array.from({length: 5}, () => 'backspace'), 'enter');
	await test.settle();
	expect(test.home().directory).toBe('/there');
});
