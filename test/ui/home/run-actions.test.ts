import {describe, expect, test} from 'vitest';
import {loadHome} from '../../../source/ui/home/load-home.ts';
import {full, open} from './full-home.ts';

describe('a run of the list', () => {
	test.each([
		['enter', 'open', 'attached'],
		['r', 'resume', 'own'],
		['p', 'replay', 'replay'],
	])('with %s: %s', async (key, call, kind) => {
		const test = open();
		test.keys('tab', 'j', key);
		await test.settle();
		expect(test.calls).toEqual([[call, 'r2']]);
		expect(test.shownRun()).toBe(kind);
	});

	test('is undone after a question', async () => {
		const test = open();
		test.keys('tab', 'u', 'enter');
		expect(test.dialog()).toMatchObject({
			title: 'Undo what “add a health endpoint” changed in /p?',
		});
		expect(test.calls).toEqual([]);
		test.keys('y');
		await test.settle();
		expect(test.calls).toEqual([['undo', 'r1']]);
		expect(test.notice()).toBe('took it back');
	});

	test.each(['r', 'p', 'u'])('has to be selected first: %s', async key => {
		const test = open();
		test.keys(key);
		await test.settle();
		expect(test.calls).toEqual([]);
		expect(test.notice()).toBe('Select a run first: Tab goes to the list.');
		expect(test.app.store.getState().dialog).toBeUndefined();
	});

	test('is the one that is seen as selected, also when the list became shorter', async () => {
		const test = open();
		test.keys('tab', 'G');
		loadHome(test.app);
		await test.settle();
		expect(test.home().runs).toHaveLength(1);
		test.keys('enter');
		await test.settle();
		expect(test.calls).toEqual([['open', 'r1']]);
	});

	test('that cannot be opened says why', async () => {
		const test = open(full, {
			async resumeRun() {
				throw new Error('held by another process');
			},
		});
		test.keys('tab', 'r');
		await test.settle();
		expect(test.notice()).toBe('held by another process');
		expect(test.shownRun()).toBeUndefined();
	});
});
