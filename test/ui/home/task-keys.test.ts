import {describe, expect, test} from 'vitest';
import {pasteIntoTask} from '../../../source/ui/home/home-keys.ts';
import {full, open} from './full-home.ts';

describe('a task', () => {
	test('is written, whatever its letters mean elsewhere, and started for the selected team', async () => {
		const test = open();
		test.keys('j', 'enter');
		expect(test.home().part).toBe('task');
		test.burst('quit and delete? no');
		test.keys('q', 'd', '?', 'alt+enter', 'x', 'enter');
		await test.settle();
		expect(test.calls).toEqual([
			['start', {team: 'other', task: 'quit and delete? noqd?\nx', directory: '/home/ada/project'}],
		]);
		expect(test.shownRun()).toBe('own');
		expect(test.home().task.text).toBe('');
	});

	test('is started once, however often Enter is pressed', async () => {
		const test = open();
		test.keys('i', 'x', 'enter', 'enter', 'enter');
		await test.settle();
		expect(test.calls).toHaveLength(1);
	});

	test('is kept when it could not be started, and can be started again', async () => {
		let tries = 0;
		const test = open(full, {
			async startRun() {
				tries += 1;
				throw Object.assign(new Error('no key'), {hint: 'set one'});
			},
		});
		test.keys('i', 'x', 'enter');
		await test.settle();
		expect(test.notice()).toBe('no key → set one');
		expect(test.home().task.text).toBe('x');
		test.keys('enter');
		await test.settle();
		expect(tries).toBe(2);
	});

	test('that is empty is not started', async () => {
		const test = open();
		test.keys('i', 'space', 'enter');
		await test.settle();
		expect(test.notice()).toBe('Write a task first.');
		expect(test.calls).toEqual([]);
	});

	test('is pasted with its lines, and only where it is written', () => {
		const test = open();
		pasteIntoTask(test.app, 'lost');
		test.keys('i');
		pasteIntoTask(test.app, 'one\r\ntwo\rthree');
		expect(test.home().task.text).toBe('one\ntwo\nthree');
		expect(test.calls).toEqual([]);
	});

	test('that comes in one piece with line breaks is not started by them', async () => {
		const test = open();
		test.keys('i');
		test.burst('one\rtwo');
		await test.settle();
		expect(test.home().task.text).toBe('one\ntwo');
		expect(test.calls).toEqual([]);
	});

	test('can be written in the editor', async () => {
		const test = open(full, {editText: async (text, kind) => `${text} and more, as ${kind}\n`});
		test.keys('i', 'x', 'ctrl+g');
		await test.settle();
		expect(test.home().task.text).toBe('x and more, as md');
		expect(test.told.done).toEqual(['lend']);
	});

	test('stays as it is when it is left', () => {
		const test = open();
		test.keys('i', 'x', 'escape');
		expect(test.home().part).toBe('teams');
		test.keys('i');
		expect(test.home().task.text).toBe('x');
	});
});
