import {describe, expect, test} from 'vitest';
import {screenOf} from '../frame.tsx';
import {full, open, testOf} from './full-home.ts';

describe('a team of the list', () => {
	test('is deleted after a question', async () => {
		const test = open();
		test.keys('j', 'D', 'enter', 'n');
		expect(test.calls).toEqual([]);
		test.keys('delete', 'y');
		await test.settle();
		expect(test.calls).toEqual([['delete', 'other']]);
		expect(test.notice()).toBe('Deleted other.');
		expect(test.home().team.selected).toBe(0);
	});

	test('is tested, each thing shown as it comes, one test at a time', async () => {
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
		expect(test.home().test).toMatchObject({
			team: 'calm',
			lines: [{outcome: 'ok', text: 'reached calm'}],
			running: true,
		});
		test.keys('t');
		await test.settle();
		expect(test.notice()).toBe('A test is running; Esc stops it.');
		end.resolve(true);
		await test.settle();
		expect(test.home().test?.running).toBe(false);
		expect(tests).toBe(1);
	});

	test('says what went wrong with its test', async () => {
		const test = open(full, {
			async testTeam() {
				throw new Error('no such server');
			},
		});
		test.keys('t');
		await test.settle();
		expect(test.home().test).toMatchObject({
			team: 'calm',
			lines: [{outcome: 'failed', text: 'no such server'}],
			running: false,
		});
	});

	test('gives its place back to the providers with Esc, which ends a test that goes on', async () => {
		const begun = Promise.withResolvers<AbortSignal>();
		const test = open(full, {
			async testTeam(_, tell, signal) {
				begun.resolve(signal);
				const ended = Promise.withResolvers<boolean>();
				signal.addEventListener('abort', () => {
					tell({outcome: 'failed', text: 'too late'});
					ended.resolve(false);
				});
				return ended.promise;
			},
		});
		test.keys('t');
		const signal = await begun.promise;
		expect(test.home().test?.running).toBe(true);
		test.keys('escape');
		await test.settle();
		expect(signal.aborted).toBe(true);
		expect(test.home().test).toBeUndefined();
	});

	test('can be read from its beginning to its end, also while it goes on', () => {
		const lines = Array.from(
			{length: 30},
			(_, index) => ({outcome: 'ok', text: `line ${index}.`}) as const,
		);
		const home = {...full, test: testOf({lines, running: true})};
		const test = open(home, {}, {columns: 80, rows: 24});
		const shown = () => screenOf(test.app).join('\n');
		expect(shown()).toContain('line 29.');
		expect(shown()).toMatch(/\d+ more above/);
		test.keys('shift+tab', 'k');
		expect(shown()).not.toContain('line 29.');
		expect(shown()).toMatch(/1 more below/);
		test.keys('g');
		expect(shown()).toContain('line 0.');
		test.keys('j');
		expect(shown()).not.toContain('line 0.');
		test.keys('G');
		expect(test.home().test?.top).toBeUndefined();
	});
});
