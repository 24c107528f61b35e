import {expect, test} from 'vitest';
import {summarizeRuns} from '../../../source/commands/views/summarize-runs.ts';
import type {RunEventBody} from '../../../source/core/run-event.ts';
import {placed, sampleReport} from '../../core/every-event.ts';
import {literalRun, planning} from '../../helpers/ui-run.ts';
import {fakeIo} from '../fake-io.ts';

const delivered = {mode: 'apply', files: ['a']};
const report = {
	...sampleReport,
	outcome: 'completed',
	reason: 'all is done',
	next: 'llm-orchestrator undo r1',
	delivered,
} as const;
const past: readonly RunEventBody[] = [
	...planning(),
	{type: 'delivery-started', mode: 'apply', head: 'm1', paths: []},
	{type: 'delivery-finished', mode: 'apply', files: ['a']},
];

test('the end of a run of the home screen says that its change was undone meanwhile', async () => {
	const run = literalRun({past});
	run.end(report);
	const undo: RunEventBody = {type: 'undo-finished', files: ['a'], kept: []};
	const log = [...(await run.events()), placed(undo, past.length + 2)];
	const io = await fakeIo();
	const own = [{...run, events: async (after = 0) => log.slice(after)}];
	expect(await summarizeRuns({own, problem: undefined}, io)).toBe(0);
	expect(io.out).toContain('  changed  undone: a in /home/ada/project');
	expect(io.err).toEqual(['r1 completed: all is done; its change was undone']);
});

test('the end of a run of the home screen is told also where its log cannot be read again', async () => {
	const run = literalRun({past});
	run.end(report);
	const io = await fakeIo();
	const unreadable = async () => Promise.reject(new Error('gone'));
	await summarizeRuns({own: [{...run, events: unreadable}], problem: undefined}, io);
	expect(io.err).toEqual(['r1 completed: all is done → llm-orchestrator undo r1']);
});
