import {describe, expect, test} from 'vitest';
import type {RunEventBody} from '../../../../source/core/run-event.ts';
import {placed, sampleReport} from '../../../core/every-event.ts';
import {literalReplay, literalRun} from '../../../helpers/ui-run.ts';
import {screenOf} from '../../frame.tsx';
import {openRunApp} from '../../open-test-app.ts';
import {open} from './asked-run.ts';
import {stopped, working} from './working-run.ts';

describe('a run that has ended', () => {
	test('takes no orders', async () => {
		const test = await open(stopped);
		for (const key of ['m', 'i', 'p', 'x', 'X']) {
			test.keys(key);
			expect(test.notice()).toBe('The run is stopped: R resumes it.');
		}

		expect(test.run.sent).toEqual([]);
		expect(test.app.store.getState().dialog).toBeUndefined();
	});

	test('is resumed in its place', async () => {
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

	test('is not resumed where nothing is left to do', async () => {
		const report = {...sampleReport, outcome: 'completed'} as const;
		const test = await open([...working, {type: 'run-finished', report}]);
		test.keys('R');
		expect(test.notice()).toBe('The run is completed: there is nothing to resume.');
	});

	const delivered: readonly RunEventBody[] = [
		...working,
		{type: 'delivery-started', mode: 'apply', head: 'm1', paths: []},
		{type: 'delivery-finished', mode: 'apply', files: ['a', 'b']},
		{
			type: 'run-finished',
			report: {
				...sampleReport,
				outcome: 'completed',
				next: 'llm-orchestrator undo r1',
				delivered: {mode: 'apply', files: ['a', 'b']},
			},
		},
	];

	/** A run whose change is undone by another writer of its log, but for some files. */
	async function openDelivered(kept: readonly string[] = []) {
		const undone: string[] = [];
		const run = literalRun({past: delivered});
		const later: RunEventBody = {type: 'undo-finished', files: ['a', 'b'], kept: [...kept]};
		const past = async () => {
			const before = await run.events();
			const end = undone.length === 0 ? [] : [placed(later, before.length + 1)];
			return [...before, ...end];
		};
		const actions = {
			async undoRun(id: string) {
				undone.push(id);
				return 'took 2 files back';
			},
		};
		const test = await openRunApp({kind: 'own', run: {...run, events: past}}, {actions});
		return {...test, undone, screen: () => screenOf(test.app).join('\n')};
	}

	test('is undone after a question, and says so from then on', async () => {
		const test = await openDelivered();
		expect(test.screen()).toContain('u undo');
		test.keys('u');
		expect(test.dialog()).toMatchObject({title: 'Undo changes to 2 files?'});
		expect(test.undone).toEqual([]);
		test.keys('y');
		await test.settle();
		await test.settle();
		expect(test.undone).toEqual(['r1']);
		expect(test.notice()).toBe('took 2 files back');
		expect(test.screen()).toContain('✓ undone');
		expect(test.screen()).not.toContain('u undo');
		test.keys('u');
		expect(test.notice()).toBe('There is no delivered change to undo.');
		test.keys('!');
		expect(test.screen()).toMatch(/; its change was undone\n/);
		expect(test.screen()).toContain('changed  undone: a, b in ');
		expect(test.screen()).not.toContain('llm-orchestrator undo');
	});

	test('that was undone in part says which files stayed', async () => {
		const test = await openDelivered(['b']);
		test.keys('u', 'y');
		await test.settle();
		await test.settle();
		expect(test.screen()).toContain('✓ completed');
		expect(test.screen()).toContain('u undo');
		test.keys('!');
		expect(test.screen()).toContain('; its change was undone, except b (changed since)');
		expect(test.screen()).toMatch(/changed {2}b in \S+ \(kept: changed since\); undone: a$/m);
	});

	test('shows its summary where no failure waits to be seen', async () => {
		const report = {...sampleReport, outcome: 'limit-reached', exitCode: 5} as const;
		const test = await open([...working, {type: 'run-stopped', report}]);
		test.keys('!');
		const text = screenOf(test.app).join('\n');
		expect(text).toMatch(
			/━ How the run ended [^]*limit-reached: not done: parse \(checks are red\) → llm-orchestrator resume r1/,
		);
		expect(text).toMatch(/✗ parse[^]*failed: npm test[^]*changed {2}branch[^]*spent {4}1 min 05 s/);
		test.keys('escape');
		expect(test.view().zoom).toBeUndefined();
	});

	test('is not undone where nothing was delivered', async () => {
		const test = await open(stopped);
		test.keys('u');
		expect(test.notice()).toBe('There is no delivered change to undo.');
	});

	test('is not undone from within a replay of it', async () => {
		const test = await openRunApp({kind: 'replay', run: literalReplay({past: delivered})});
		test.keys('u');
		expect(test.app.store.getState().dialog).toBeUndefined();
		expect(test.notice()).toContain('Replay: commands are disabled.');
	});
});
