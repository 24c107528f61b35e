import {describe, expect, it} from 'vitest';
import {full, open, run} from './full-home.ts';

describe('the parts of the home screen', () => {
	it('are gone through with Tab, and back', () => {
		const test = open();
		const parts = (key: string) =>
			[1, 2, 3].map(() => {
				test.keys(key);
				return test.home().part;
			});
		expect(parts('tab')).toEqual(['runs', 'teams', 'runs']);
		expect(parts('shift+tab')).toEqual(['teams', 'runs', 'teams']);
	});

	it('are lists to move in', () => {
		const test = open();
		test.keys('j', 'j');
		expect(test.home().team.selected).toBe(1);
		test.keys('tab', 'G');
		expect(test.home().run.selected).toBe(1);
		expect(test.home().team.selected).toBe(1);
	});

	it('say that a task needs a team', () => {
		const test = open({teams: [], runs: [run], providers: []});
		test.keys('tab', 'i');
		expect(test.home().part).toBe('teams');
		expect(test.notice()).toContain('A task needs a team: n makes one.');
	});
});

describe('the demo', () => {
	it('is one key away, and started once', async () => {
		const test = open({teams: [], runs: [], providers: []});
		test.keys('d', 'd');
		await test.settle();
		expect(test.calls).toEqual([['demo']]);
		expect(test.shownRun()).toBe('own');
	});
});

describe('the directory of new runs', () => {
	it('is asked for, nothing being the one of the program', async () => {
		const test = open();
		test.keys('w', 'ctrl+u');
		test.burst('/elsewhere');
		test.keys('enter');
		expect(test.home().directory).toBe('/elsewhere');
		test.keys('i', 'x', 'enter');
		await test.settle();
		expect(test.calls[0]?.[1]).toMatchObject({directory: '/elsewhere'});
		const other = open({...full, directory: '/elsewhere'});
		other.keys('w', 'ctrl+u', 'enter');
		expect(other.home().directory).toBe('/home/ada/project');
	});
});

it('q leaves', () => {
	const test = open();
	test.keys('q');
	expect(test.told.done).toEqual(['exit']);
	const writing = open();
	writing.keys('i', 'ctrl+d');
	expect(writing.told.done).toEqual(['exit']);
});
