import {describe, expect, it} from 'vitest';
import type {RunEventBody} from '../../../../source/core/run-event.ts';
import {sampleReport} from '../../../core/every-event.ts';
import {literalReplay, literalRun} from '../../../helpers/ui-run.ts';
import {openRunApp} from '../../open-test-app.ts';
import {open} from './asked-run.ts';
import {stopped, working} from './working-run.ts';

describe('a run that has ended', () => {
	it('takes no orders', async () => {
		const test = await open(stopped);
		for (const key of ['m', 'i', 'p', 'x', 'X', 'b']) {
			test.keys(key);
			expect(test.notice()).toBe('The run is stopped: R resumes it.');
		}

		expect(test.run.sent).toEqual([]);
		expect(test.app.store.getState().dialog).toBeUndefined();
	});

	it('is resumed in its place', async () => {
		const again = literalRun({past: working});
		const resumed: string[] = [];
		const test = await open(stopped, {
			actions: {
				async resumeRun(id) {
					resumed.push(id);
					return again;
				},
			},
		});
		test.keys('R');
		await test.settle();
		expect(resumed).toEqual(['r1']);
		expect(test.view().session.run).toBe(again);
	});

	it('is not resumed where nothing is left to do', async () => {
		const report = {...sampleReport, outcome: 'completed'} as const;
		const test = await open([...working, {type: 'run-finished', report}]);
		test.keys('R');
		expect(test.notice()).toBe('The run is completed: there is nothing to resume.');
	});

	const delivered: readonly RunEventBody[] = [
		...working,
		{type: 'delivery-started', mode: 'apply', head: 'm1', paths: []},
		{type: 'delivery-finished', mode: 'apply', files: ['a', 'b']},
		{type: 'run-finished', report: {...sampleReport, outcome: 'completed'}},
	];

	it('is taken back after a question', async () => {
		const undone: string[] = [];
		const test = await open(delivered, {
			actions: {
				async undoRun(id) {
					undone.push(id);
					return 'took 2 files back';
				},
			},
		});
		test.keys('u');
		expect(test.dialog()).toMatchObject({title: 'Take back 2 changed files?'});
		expect(undone).toEqual([]);
		test.keys('y');
		await test.settle();
		expect(undone).toEqual(['r1']);
		expect(test.notice()).toBe('took 2 files back');
	});

	it('is not taken back where nothing was delivered', async () => {
		const test = await open(stopped);
		test.keys('u');
		expect(test.notice()).toBe('There is no delivered change to take back.');
	});

	it('is not taken back from within a replay of it', async () => {
		const test = await openRunApp({kind: 'replay', run: literalReplay({past: delivered})});
		test.keys('u');
		expect(test.app.store.getState().dialog).toBeUndefined();
		expect(test.notice()).toContain('This is a replay');
	});
});
