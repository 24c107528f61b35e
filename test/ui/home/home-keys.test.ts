import {describe, expect, it} from 'vitest';
import type {Actions, NewTeam} from '../../../source/core/actions.ts';
import type {HomeView} from '../../../source/ui/home/home-view.ts';
import {loadHome} from '../../../source/ui/home/load-home.ts';
import {pasteIntoTask} from '../../../source/ui/home/home-keys.ts';
import {literalReplay, literalRun, planning} from '../../helpers/ui-run.ts';
import {openTestApp, type TestAppOptions} from '../open-test-app.ts';

const team = {name: 'calm', provider: 'ollama', model: 'qwen3', teammates: 3, createdAt: 0};
const run = {
	run: 'r1',
	team: 'calm',
	task: 'add a health endpoint',
	directory: '/p',
	status: 'stopped',
	live: false,
	startedAt: '2026-11-22T10:00:00.000Z',
	changedAt: '2026-11-22T10:20:00.000Z',
	completed: 7,
	subtasks: 8,
	tokens: 1_000,
	undone: false,
} as const;
const full: Partial<HomeView> = {
	teams: [team, {...team, name: 'other'}],
	runs: [run, {...run, run: 'r2'}],
	providers: [],
};

/** A home screen, and what was done from it. */
function open(
	home: Partial<HomeView> = full,
	given: Partial<Actions> = {},
	options: TestAppOptions = {},
) {
	const calls: unknown[][] = [];
	const started = async (...call: unknown[]) => {
		calls.push(call);
		return literalRun({past: planning()});
	};
	const test = openTestApp({
		...options,
		home,
		actions: {
			listTeams: async () => [team],
			startRun: async order => started('start', order),
			startDemo: async () => started('demo'),
			resumeRun: async id => started('resume', id),
			async replayRun(id) {
				calls.push(['replay', id]);
				return literalReplay({past: planning()});
			},
			async undoRun(id) {
				calls.push(['undo', id]);
				return 'took it back';
			},
			async deleteTeam(name) {
				calls.push(['delete', name]);
			},
			...given,
		},
		catalog: {
			list: async () => [run],
			async open(id) {
				calls.push(['open', id]);
				return literalRun({past: planning()});
			},
		},
	});
	return {...test, calls, shownRun: () => test.app.store.getState().run?.session.source.kind};
}

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

describe('a task', () => {
	it('is written, whatever its letters mean elsewhere, and started for the selected team', async () => {
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

	it('is started once, however often Enter is pressed', async () => {
		const test = open();
		test.keys('i', 'x', 'enter', 'enter', 'enter');
		await test.settle();
		expect(test.calls).toHaveLength(1);
	});

	it('is kept when it could not be started, and can be started again', async () => {
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

	it('that is empty is not started', async () => {
		const test = open();
		test.keys('i', 'space', 'enter');
		await test.settle();
		expect(test.notice()).toBe('Write what is to be done.');
		expect(test.calls).toEqual([]);
	});

	it('is pasted with its lines, and only where it is written', () => {
		const test = open();
		pasteIntoTask(test.app, 'lost');
		test.keys('i');
		pasteIntoTask(test.app, 'one\r\ntwo\rthree');
		expect(test.home().task.text).toBe('one\ntwo\nthree');
		expect(test.calls).toEqual([]);
	});

	it('that comes in one piece with line breaks is not started by them', async () => {
		const test = open();
		test.keys('i');
		test.burst('one\rtwo');
		await test.settle();
		expect(test.home().task.text).toBe('one\ntwo');
		expect(test.calls).toEqual([]);
	});

	it('can be written in the editor', async () => {
		const test = open(full, {editText: async (text, kind) => `${text} and more, as ${kind}\n`});
		test.keys('i', 'x', 'ctrl+g');
		await test.settle();
		expect(test.home().task.text).toBe('x and more, as md');
		expect(test.told.done).toEqual(['lend']);
	});

	it('stays as it is when it is left', () => {
		const test = open();
		test.keys('i', 'x', 'escape');
		expect(test.home().part).toBe('teams');
		test.keys('i');
		expect(test.home().task.text).toBe('x');
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

describe('a run of the list', () => {
	it.each([
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

	it('is taken back after a question', async () => {
		const test = open();
		test.keys('tab', 'u', 'enter');
		expect(test.dialog()).toMatchObject({
			title: 'Take back what “add a health endpoint” changed in /p?',
		});
		expect(test.calls).toEqual([]);
		test.keys('y');
		await test.settle();
		expect(test.calls).toEqual([['undo', 'r1']]);
		expect(test.notice()).toBe('took it back');
	});

	it.each(['r', 'p', 'u'])('has to be selected first: %s', async key => {
		const test = open();
		test.keys(key);
		await test.settle();
		expect(test.calls).toEqual([]);
		expect(test.notice()).toBe('Select a run: Tab.');
		expect(test.app.store.getState().dialog).toBeUndefined();
	});

	it('is the one that is seen as selected, also when the list became shorter', async () => {
		const test = open();
		test.keys('tab', 'G');
		loadHome(test.app);
		await test.settle();
		expect(test.home().runs).toHaveLength(1);
		test.keys('enter');
		await test.settle();
		expect(test.calls).toEqual([['open', 'r1']]);
	});

	it('that cannot be opened says why', async () => {
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

describe('what the home screen knows', () => {
	it('is looked for, and each part shown as soon as it is there', async () => {
		const providers = Promise.withResolvers<[]>();
		const test = open({}, {findProviders: async () => providers.promise});
		loadHome(test.app);
		await test.settle();
		expect(test.home()).toMatchObject({teams: [team], runs: [run], providers: undefined});
		providers.resolve([]);
		await test.settle();
		expect(test.home().providers).toEqual([]);
	});

	it('is shown also when a part of it cannot be had', async () => {
		const test = open(
			{},
			{
				async listTeams() {
					throw new Error('teams/ cannot be read');
				},
			},
		);
		loadHome(test.app);
		await test.settle();
		expect(test.notice()).toBe('teams/ cannot be read');
		expect(test.home().runs).toEqual([run]);
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
