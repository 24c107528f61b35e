import * as fc from 'fast-check';
import {render} from 'ink-testing-library';
import {describe, expect, test} from 'vitest';
import {textWidth} from '../../../source/present/text/width.ts';
import type {HomeView} from '../../../source/ui/home/home-view.ts';
import {HomeScreen} from '../../../source/ui/home/home-screen.tsx';
import {poison} from '../../core/hostile.ts';
import {foreignIn, linesOf, rawScreenOf, screenOf} from '../frame.tsx';
import {openTestApp, type TestAppOptions} from '../open-test-app.ts';
import {missing, run as stopped, team, testOf} from './full-home.ts';

const run = {...stopped, status: 'completed'} as const;
const provider = {type: 'ollama', usable: true, detail: 'at localhost', models: ['qwen3']};
const full: Partial<HomeView> = {teams: [team], runs: [run], providers: [provider]};
const empty: Partial<HomeView> = {teams: [], runs: [], providers: []};
const thirty = Array.from({length: 30}, (_, index) => index);
const many: Partial<HomeView> = {
	teams: thirty.map(index => ({...team, name: `team ${index}`})),
	runs: thirty.map(index => ({...run, run: `r${index}`, task: `task ${index}`})),
	providers: thirty.map(index => ({...provider, type: `server-${index}`})),
};
const lines = Array.from(
	{length: 15},
	(_, index) => ({outcome: 'ok', text: `line ${index}`}) as const,
);

function open(home: Partial<HomeView>, options: TestAppOptions = {}) {
	const test = openTestApp({...options, home});
	return {...test, screen: () => screenOf(test.app).join('\n')};
}

describe('the home screen', () => {
	test('is drawn with all of its parts', () => {
		const {app, home} = open(full);
		const {lastFrame} = render(<HomeScreen view={home()} state={app.store.getState()} app={app} />);
		const drawing = linesOf(lastFrame() ?? '');
		expect(drawing).toHaveLength(30);
		expect(drawing[0]).toMatch(/^ llm-orchestrator +\/home\/ada\/project $/);
		expect(drawing[1]).toMatch(/^─ Task for calm in \/home\/ada\/project ─+$/);
		expect(drawing.join('\n')).toMatch(
			/━ Teams ━+ {2}─ Runs ─+\n calm +ollama qwen3 · 3 teamm.* ✓ completed/,
		);
		expect(drawing.join('\n')).toMatch(/─ Providers ─+\n ✓ ollama +at localhost · qwen3/);
		expect(drawing.at(-1)).toMatch(/^ Enter task .*\? help/);
	});

	test('says what is still being looked for', () => {
		const {screen} = open({});
		expect(screen()).toMatch(/Teams ━.*\n …/);
	});

	test('says how to begin when nothing was made yet', () => {
		for (const [columns, rows] of [
			[60, 15],
			[80, 24],
			[100, 30],
		] as const) {
			const {screen} = open(empty, {columns, rows});
			expect(screen().replaceAll(/\s+/g, ' ')).toContain(
				'd the demo: a complete run with a scripted model',
			);
			expect(screen()).toContain('ANTHROPIC_API_KEY');
			expect(screen()).toContain('ollama serve');
			expect(screen().replaceAll(/\s+/g, ' ')).toContain('checks decide what is done');
		}
	});

	test.each([
		[60, 15],
		[80, 24],
		[100, 18],
		[120, 40],
	])('shows the test of a provider while it goes on, at %i×%i', (columns, rows) => {
		const test = testOf({lines: lines.slice(0, 2), running: true});
		const {screen} = open({...full, test}, {columns, rows});
		expect(screen()).toContain('Test of calm');
		expect(screen()).toContain('✓ line 1');
	});

	test('shows the keys of the part that has them, and how to learn more at any width', () => {
		for (const columns of [60, 100]) {
			expect(open({...full, part: 'teams'}, {columns}).screen()).toMatch(/\? help\s*$/);
			expect(open({...full, part: 'runs'}, {columns}).screen()).toMatch(/r resume.*\? help\s*$/);
			expect(open({...full, part: 'task'}, {columns}).screen()).toContain('Enter submit');
		}
	});

	test('says of every list that is cut how much there is more, at 80×24', () => {
		const {screen} = open(many, {columns: 80, rows: 24});
		expect(screen()).toMatch(/Teams · \d+ more below/);
		expect(screen()).toMatch(/Runs · \d+ more below/);
		expect(screen()).toMatch(/Providers · \d+ more below/);
		expect(open(full, {columns: 80, rows: 24}).screen()).not.toContain('more below');
	});

	test.each([
		[60, 15],
		[80, 24],
		[120, 36],
		[200, 60],
	])('brings what is selected into sight, whichever list it is in, at %i×%i', (columns, rows) => {
		const test = open(many, {columns, rows});
		test.keys('G');
		expect(test.screen()).toContain('team 29');
		test.keys('tab', 'G');
		expect(test.screen()).toContain('task 29');
		test.keys('tab', 'G');
		expect(test.screen()).toContain('server-29');
		test.keys('g');
		expect(test.screen()).toContain('server-0');
	});

	test('says that there may be older runs than those that were looked for', () => {
		const {screen} = open({...many, runLimit: 30}, {columns: 80, rows: 24});
		expect(screen()).toMatch(/Runs · \d+\+ more below/);
	});

	test('says how to get a team as long as there is none, also after the demo', () => {
		for (const [columns, rows] of [
			[60, 15],
			[80, 24],
			[120, 36],
		] as const) {
			const {screen} = open({...full, teams: [], providers: []}, {columns, rows});
			expect(screen()).toContain('export ANTHROPIC_API_KEY');
			expect(screen()).toContain('llama-server --jinja');
			expect(screen()).toContain('✓ completed');
			expect(screen()).not.toContain('i: write a task');
		}
	});

	test('offers no key that could do nothing', () => {
		const hints = (home: Partial<HomeView>) =>
			open(home, {columns: 160}).screen().split('\n').at(-1);
		expect(hints({...full, teams: []})).not.toMatch(/Enter|test|delete/);
		expect(hints({...full, runs: [], part: 'runs'})).not.toMatch(/Enter|resume|replay|undo/);
		expect(hints({...full, part: 'providers'})).toContain('Enter team with ollama');
		expect(hints({...full, providers: [missing], part: 'providers'})).toContain('Enter setup');
		expect(hints({...full, test: testOf(), part: 'providers'})).toContain('Esc providers');
	});

	test.each([
		[60, 15],
		[80, 24],
		[120, 36],
	])('shows the end of a test whole, at %i×%i', (columns, rows) => {
		const text = `answer: the server at http://127.0.0.1:11434 has no model "nope"; it was not found there [model-missing] → run: ollama pull nope`;
		const steps = ['reach: yes', 'authenticate: yes', 'models: 4'];
		const test = testOf({
			lines: [
				...steps.map(text => ({outcome: 'ok', text}) as const),
				{outcome: 'failed', text} as const,
			],
		});
		const home = {...many, runs: full.runs, providers: full.providers, test};
		const shown = open(home, {columns, rows}).screen().replaceAll(/\s+/g, ' ');
		expect(shown).toContain(text);
		expect(shown).toContain('Esc closes it');
	});

	test('keeps why a list cannot be read where the list would be', () => {
		const {screen} = open({
			unreadable: {teams: 'teams/x is not a regular file → move it out of the way'},
		});
		expect(screen()).toMatch(/Teams ━[^]*teams\/x is not a regular[^]*Ctrl\+L/);
		const {screen: known} = open({...full, unreadable: {teams: 'no longer'}});
		expect(known()).not.toContain('no longer');
	});

	test('shows the selected run, of many', () => {
		const runs = Array.from({length: 50}, (_, index) => ({
			...run,
			run: `r${index}`,
			task: `task ${index}`,
		}));
		const test = open({...full, part: 'runs', runs});
		test.keys('G');
		expect(test.screen()).toContain('task 49');
		expect(rawScreenOf(test.app)).toMatch(/\u001B\[7m[^\n]*task 49/);
	});

	test('says so where the terminal is too small', () => {
		expect(open(full, {columns: 25, rows: 6}).screen()).toContain('60×15 is needed');
	});
});

describe('whatever its size', () => {
	const homes: Readonly<Record<string, [Partial<HomeView>, readonly string[]]>> = {
		'nothing yet': [{}, []],
		'first start': [empty, []],
		full: [full, []],
		'a task': [{...full, part: 'task'}, ['使', '用']],
		runs: [{...full, part: 'runs', runs: Array.from({length: 80}, () => run)}, ['G']],
		'a test': [{...full, test: testOf({lines, running: true})}, []],
		'no team but runs': [{...full, teams: []}, []],
		'many of all': [{...many, part: 'providers'}, ['G']],
		'what to do': [{...full, providers: [missing], part: 'providers'}, ['enter']],
		'what cannot be read': [{unreadable: {teams: 'x '.repeat(90), runs: 'no'}}, []],
		'a new team': [full, ['n']],
		'a question': [full, ['D']],
		'a notice': [full, ['Z']],
	};

	test.each(Object.entries(homes))('the screen fits its terminal: %s', (_, [home, keys]) => {
		const test = open(home);
		test.keys(...keys);
		fc.assert(
			fc.property(
				fc.integer({min: 30, max: 160}),
				fc.integer({min: 8, max: 40}),
				(columns, rows) => {
					test.resize(columns, rows);
					const drawing = screenOf(test.app);
					expect(drawing.length).toBeLessThanOrEqual(rows);
					expect(drawing[0]).toMatch(/^ llm-orch/);
					for (const line of drawing) {
						expect(textWidth(line)).toBeLessThanOrEqual(columns);
					}

					const {dialog} = test.app.store.getState();
					expect(drawing.join('\n')).toMatch(dialog ? /━/ : /Enter submit|\? help/);
				},
			),
			{
				numRuns: 9,
				examples: [
					[60, 15],
					[80, 24],
					[99, 15],
					[100, 15],
					[30, 8],
				],
			},
		);
	});

	test('a question shows its answers', () => {
		const test = open(full, {columns: 60, rows: 15});
		test.keys('D');
		expect(test.screen()).toMatch(/Delete team calm\?[^]*y yes +Esc no/);
	});
});

test('nothing that others write reaches the terminal as it is', () => {
	const evil = `x${poison}\n`;
	const test = open({
		directory: evil,
		teams: [{...team, name: evil, model: evil}],
		runs: [{...run, task: evil, team: evil}],
		providers: [{...provider, detail: evil, models: [evil]}],
		test: testOf({team: evil, lines: [{outcome: 'ok', text: evil}]}),
		unreadable: {teams: evil},
	});
	for (const key of [
		'tab',
		'u',
		'escape',
		'shift+tab',
		'D',
		'escape',
		'w',
		'escape',
		'i',
		'escape',
	]) {
		test.keys(key);
		expect(foreignIn(rawScreenOf(test.app))).toEqual([]);
	}
});

test('uses nothing but ASCII where there is nothing else', () => {
	for (const home of [full, empty, {}, {...full, part: 'task'}] as const) {
		const test = open(home, {theme: {ascii: true}});
		for (const key of ['Z', 'D', 'escape', 'n']) {
			test.keys(key);
			expect(test.screen().match(/[^\u0020-\u007E\n]/g)).toBeNull();
		}
	}
});
