import {describe, expect, it} from 'vitest';
import type {NewTeam} from '../../../source/core/actions.ts';
import {full, open, team} from './full-home.ts';

describe('a new team', () => {
	it('is made from one line, for a provider that is there', async () => {
		const made: NewTeam[] = [];
		const test = open(
			{...full, providers: [{type: 'lmstudio', usable: true, detail: '', models: []}]},
			{
				async createTeam(order) {
					made.push(order);
					return {...team, name: order.name};
				},
			},
		);
		test.keys('n');
		expect(test.dialog()).toMatchObject({state: {text: 'my-team lmstudio'}});
		test.burst(' a  big model');
		test.keys('enter');
		await test.settle();
		expect(made).toEqual([{name: 'my-team', provider: 'lmstudio', model: 'a big model'}]);
		expect(test.notice()).toContain('Made the team my-team');
	});

	it('comes back with what is wrong with it, to be mended', async () => {
		const test = open(full, {
			async createTeam() {
				throw Object.assign(new Error('unknown provider'), {hint: 'ollama?'});
			},
		});
		test.keys('n');
		test.burst('my-team olama');
		test.keys('enter');
		await test.settle();
		expect(test.dialog()).toMatchObject({
			problem: 'unknown provider → ollama?',
			state: {text: 'my-team olama'},
		});
		test.keys('backspace');
		expect(test.dialog()).toMatchObject({problem: undefined});
	});

	it('can be given up', async () => {
		const test = open();
		test.keys('n', 'escape');
		await test.settle();
		expect(test.app.store.getState().dialog).toBeUndefined();
	});
});

describe('a team of the list', () => {
	it('is deleted after a question', async () => {
		const test = open();
		test.keys('j', 'D', 'enter', 'n');
		expect(test.calls).toEqual([]);
		test.keys('delete', 'y');
		await test.settle();
		expect(test.calls).toEqual([['delete', 'other']]);
		expect(test.notice()).toBe('Deleted other.');
		expect(test.home().team.selected).toBe(0);
	});

	it('is tested, each thing shown as it comes, one test at a time', async () => {
		const end = Promise.withResolvers<boolean>();
		let tests = 0;
		const test = open(full, {
			async testTeam(name, tell) {
				tests += 1;
				tell({outcome: 'ok', text: `reached ${name}`});
				return end.promise;
			},
		});
		test.keys('t');
		await test.settle();
		expect(test.home().test).toEqual({
			team: 'calm',
			lines: [{outcome: 'ok', text: 'reached calm'}],
			running: true,
		});
		test.keys('t');
		await test.settle();
		expect(test.notice()).toBe('A test is running.');
		end.resolve(true);
		await test.settle();
		expect(test.home().test?.running).toBe(false);
		expect(tests).toBe(1);
	});

	it('says what went wrong with its test', async () => {
		const test = open(full, {
			async testTeam() {
				throw new Error('no such server');
			},
		});
		test.keys('t');
		await test.settle();
		expect(test.home().test).toEqual({
			team: 'calm',
			lines: [{outcome: 'failed', text: 'no such server'}],
			running: false,
		});
	});
});
