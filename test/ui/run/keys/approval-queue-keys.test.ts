import {describe, expect, test} from 'vitest';
import {asked, decided, planning} from '../../../helpers/ui-run.ts';
import {screenOf} from '../../frame.tsx';
import type {TestApp} from '../../open-test-app.ts';
import {open, toolAsked} from './asked-run.ts';

describe('a request that is put off', () => {
	test('leaves the screen with a word on how to get it back, and is not decided on', async () => {
		const test = await open(toolAsked);
		test.keys('escape');
		expect(askedIn(test)).toBeUndefined();
		expect(test.view().focus).toEqual({pane: 'plan'});
		expect(screenOf(test.app).join('\n')).toContain(
			'1 decision postponed, the run is waiting for you: v',
		);
		test.pass(400);
		test.keys('a', 'y', 'A', 'r');
		await test.settle();
		expect(test.run.sent).toEqual([]);
	});

	test('comes back with v, whole, and is dead again at first', async () => {
		const test = await open(toolAsked);
		test.keys('escape', 'v');
		expect(test.view().zoom).toEqual({kind: 'approval', top: 0});
		expect(screenOf(test.app).join('\n')).toContain('$ npm install left-pad');
		test.keys('a');
		expect(test.run.sent).toEqual([]);
		test.pass(400);
		test.keys('a');
		expect(test.run.sent).toHaveLength(1);
		test.keys('escape');
		expect(askedIn(test)).toMatch(/^Request 1 of 1/);
	});

	test('v says so where nothing waits', async () => {
		const test = await open(planning());
		test.keys('v');
		expect(test.view().zoom).toBeUndefined();
		expect(test.notice()).toMatch(/nothing/i);
	});
});

describe('the queue', () => {
	const three = [...toolAsked, asked('t2', {detail: 'two'}), asked('t3', {detail: 'three'})];

	test('is shown one by one, oldest first, with its length', async () => {
		const test = await open(three);
		expect(askedIn(test)).toBe('Request 1 of 3 · alice wants to use run_command · api');
		expect(test.view().request?.id).toBe('t1');
		test.run.tell(decided('t1'));
		await test.settle();
		expect(askedIn(test)).toMatch(/^Request 1 of 2/);
		expect(test.view().request?.id).toBe('t2');
	});

	test('goes round with ]', async () => {
		const test = await open(three);
		const seen = [0, 1, 2, 3, 4].map(() => {
			const id = test.view().request?.id;
			test.keys(']');
			return id;
		});
		expect(seen).toEqual(['t1', 't2', 't3', 't1', 't2']);
		expect(askedIn(test)).toMatch(/of 3/);
	});

	test('stays where it is with ] when nothing else waits', async () => {
		const test = await open(toolAsked);
		test.keys(']');
		expect(test.view().request?.id).toBe('t1');
		test.keys('a');
		expect(test.run.sent).toHaveLength(1);
	});

	test('goes on with the next one when one is put off', async () => {
		const test = await open(three);
		test.keys('escape');
		expect(test.view().request?.id).toBe('t2');
		test.keys('escape', 'escape');
		expect(askedIn(test)).toBeUndefined();
		expect(screenOf(test.app).join('\n')).toContain(
			'3 decisions postponed, the run is waiting for you: v',
		);
		test.keys('v');
		expect(test.view().request?.id).toBe('t1');
	});

	test('scrolls a long command within its rows', async () => {
		const detail = Array.from({length: 60}, (_, index) => `echo ${index}`).join('\n');
		const test = await open([...toolAsked.slice(0, -1), asked('t1', {detail})]);
		expect(screenOf(test.app).join('\n')).toMatch(/\d+ more rows?: v/);
		test.keys('G');
		expect(screenOf(test.app).join('\n')).toContain('echo 59');
		test.keys('k');
		const shown = screenOf(test.app).join('\n');
		expect(shown).toContain('echo 59');
		expect(shown).not.toContain('in /w/api');
		test.keys('g');
		expect(screenOf(test.app).join('\n')).toContain('$ echo 0');
	});
});

/** The title of what is asked at the bottom. */
function askedIn({app}: TestApp): string | undefined {
	return screenOf(app)
		.find(line => line.includes('Request '))
		?.replaceAll(/^[─━ ?]+|[─━ ]+$/g, '');
}
