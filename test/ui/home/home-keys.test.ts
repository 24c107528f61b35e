import {describe, expect, test} from 'vitest';
import {homeLayout} from '../../../source/ui/home/home-layout.ts';
import {screenOf} from '../frame.tsx';
import {full, missing, open, provider, run} from './full-home.ts';

describe('the parts of the home screen', () => {
	test('are gone through with Tab, and back', () => {
		const test = open();
		const parts = (key: string) =>
			[1, 2, 3].map(() => {
				test.keys(key);
				return test.home().part;
			});
		expect(parts('tab')).toEqual(['runs', 'providers', 'teams']);
		expect(parts('shift+tab')).toEqual(['providers', 'runs', 'teams']);
	});

	test('are lists to move in', () => {
		const test = open();
		test.keys('j', 'j');
		expect(test.home().team.selected).toBe(1);
		test.keys('tab', 'G');
		expect(test.home().run.selected).toBe(1);
		expect(test.home().team.selected).toBe(1);
	});

	test('turn whole pages of what is in sight', () => {
		const runs = Array.from({length: 30}, (_, index) => ({...run, run: `r${index}`}));
		const test = open({...full, runs}, {}, {columns: 80, rows: 24});
		const {height} = homeLayout(test.home(), test.app.store.getState()).runs;
		test.keys('tab', 'pagedown');
		expect(test.home().run.selected).toBe(height - 2);
	});

	test('offer a team with the selected provider, or say all of what to do for it', async () => {
		const test = open({...full, part: 'providers', providers: [provider, missing]});
		test.keys('enter');
		expect(test.dialog()).toMatchObject({state: {text: 'my-team ollama qwen3:8b'}});
		test.resize(60, 15);
		test.keys('escape', 'j', 'enter');
		expect(test.dialog()).toMatchObject({title: 'lmstudio is not set up yet'});
		const shown = screenOf(test.app).join(' ').replaceAll(/\s+/g, ' ');
		expect(shown).toContain(missing.detail);
	});

	test('do not say that there is no team while teams are being looked for', () => {
		const test = open({});
		test.keys('i');
		expect(test.home().part).toBe('teams');
		expect(test.notice()).toBe('Teams are still loading; Ctrl+L refreshes.');
	});

	test('say that a task needs a team', () => {
		const test = open({teams: [], runs: [run], providers: []});
		test.keys('tab', 'i');
		expect(test.home().part).toBe('teams');
		expect(test.notice()).toContain('A task needs a team: n creates one.');
	});
});

describe('the demo', () => {
	test('is one key away, and started once', async () => {
		const test = open({teams: [], runs: [], providers: []});
		test.keys('d', 'd');
		await test.settle();
		expect(test.calls).toEqual([['demo']]);
		expect(test.shownRun()).toBe('own');
	});
});

test('q leaves', () => {
	const test = open();
	test.keys('q');
	expect(test.told.done).toEqual(['exit']);
	const writing = open();
	writing.keys('i', 'ctrl+d');
	expect(writing.told.done).toEqual(['exit']);
});
