import {describe, expect, test} from 'vitest';
import type {RunEventBody} from '../../../source/core/run-event.ts';
import {geometryOf, pageOf} from '../../../source/ui/run/geometry.ts';
import {planOf, subtask} from '../../helpers/run-parts.ts';
import {asked, begun, decided, literalRun, planning, proposed} from '../../helpers/ui-run.ts';
import {openRunApp} from '../open-test-app.ts';

const plan = planOf({subtasks: ['api', 'ui', 'docs'].map(id => subtask(id))});
const working = [...planning(), ...proposed(plan), decided('p1'), ...begun('api', 'alice')];

async function open(past: readonly RunEventBody[]) {
	const test = await openRunApp({kind: 'own', run: literalRun({past})});
	return {
		...test,
		geometry: () => geometryOf(test.view(), test.app.store.getState()),
		page: () => pageOf(test.view(), geometryOf(test.view(), test.app.store.getState())),
	};
}

describe('the bottom of a run', () => {
	test('is not there while nothing is asked', async () => {
		expect((await open(working)).geometry().bottom).toBeUndefined();
	});

	test('holds a request with its title and its keys', async () => {
		const test = await open([...working, asked('t1', {detail: 'a\nb\nc'})]);
		expect(test.geometry().bottom?.height).toBe(1 + 3 + 1 + 1);
	});

	test('gives way where the request is looked at whole', async () => {
		const test = await open([...working, asked('t1')]);
		test.keys('v');
		expect(test.geometry().bottom).toBeUndefined();
		expect(test.geometry().zoom.height).toBe(27);
	});

	test('grows with a text that is written, to a limit', async () => {
		const test = await open(working);
		test.keys('m');
		const heights = Array.from({length: 20}, () => {
			const height = test.geometry().bottom?.height;
			test.keys('ctrl+j');
			return height;
		});
		expect(heights[0]).toBe(6);
		expect(heights.at(-1)).toBe(11);
		expect(heights.toSorted((a = 0, b = 0) => a - b)).toEqual(heights);
	});

	test('holds a question', async () => {
		const test = await open(working);
		test.keys('x');
		expect(test.dialog().kind).toBe('confirm');
		expect(test.geometry().bottom?.height).toBe(4);
	});
});

describe('a page', () => {
	test('is as high as what the keys move in', async () => {
		const test = await open([...working, asked('t1', {detail: 'a\nb\nc'})]);
		const {team, plan, logs, bottom} = test.geometry();
		expect(test.page()).toBe((bottom?.height ?? 0) - 2);
		test.keys('1');
		expect(test.page()).toBe((team?.height ?? 0) - 1);
		test.keys('2');
		expect(test.page()).toBe((plan?.height ?? 0) - 1);
		test.keys('3');
		expect(test.page()).toBe((logs[0]?.height ?? 0) - 1);
		test.keys('enter');
		expect(test.page()).toBe(test.geometry().zoom.height - 1);
	});

	test('is at least a row, also where nothing is shown', async () => {
		const test = await open([...working, asked('t1')]);
		test.resize(20, 3);
		for (const key of ['1', '2', '3']) {
			test.keys(key);
			expect(test.page()).toBeGreaterThanOrEqual(1);
		}
	});
});
