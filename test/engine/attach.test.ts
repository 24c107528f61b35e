import {expect, test} from 'vitest';
import {attachRun} from '../../source/engine/attach.ts';
import type {Dispatcher} from '../../source/engine/attempt-context.ts';
import type {Run} from '../../source/core/run.ts';
import {createMemoryStore} from '../../source/store/memory-store.ts';
import {planOf, quickClock, startTestRun, subtask, verified} from '../helpers/run-parts.ts';

const plan = planOf({subtasks: [subtask('a')]});

async function startAndAttach(dispatch?: Dispatcher) {
	const store = createMemoryStore({redact: text => text});
	const {run} = await startTestRun({
		store,
		plan,
		dispatch,
		settings: {approve: 'ask', attended: true},
	});
	const stop = new AbortController();
	const other = await attachRun(store, 'test-run', {clock: quickClock, signal: stop.signal});
	await until(other, () => other.state().approvals.has('plan-1'));
	return {run, other, stop};
}

async function until(run: Run, holds: () => boolean): Promise<void> {
	await new Promise<void>(resolve => {
		const stop = run.subscribe(() => {
			if (holds()) {
				stop();
				resolve();
			}
		});
		if (holds()) {
			stop();
			resolve();
		}
	});
}

test('another process sees the same run, decides on it, and learns how it ends', async () => {
	const {run, other, stop} = await startAndAttach();
	const decision = {
		type: 'decide',
		approval: 'plan-1',
		decision: 'approve',
		scope: 'once',
	} as const;
	expect(await other.send(decision)).toEqual({kind: 'taken'});
	expect((await other.done).outcome).toBe('completed');
	expect(other.state()).toEqual(run.state());
	stop.abort();
});

test('a decision that comes too late is told who decided', async () => {
	const release = Promise.withResolvers<void>();
	const {run, other, stop} = await startAndAttach(async () => {
		await release.promise;
		return verified;
	});
	const decide = {type: 'decide', approval: 'plan-1', scope: 'once'} as const;
	await run.send({...decide, decision: 'approve'});
	expect(await other.send({...decide, decision: 'reject'})).toEqual({
		kind: 'refused',
		reason: 'already decided: approve by person',
	});
	release.resolve();
	expect((await run.done).outcome).toBe('completed');
	stop.abort();
});

test('a message from outside reaches the log with its receipt', async () => {
	const {run, other, stop} = await startAndAttach();
	expect(await other.send({type: 'message', to: 'teammate-1', text: 'hello'})).toEqual({
		kind: 'taken',
	});
	expect([...run.state().messages.values()]).toMatchObject([{from: 'person', to: 'teammate-1'}]);
	expect(await other.send({type: 'message', to: 'ghost', text: 'hello'})).toMatchObject({
		kind: 'refused',
	});
	await run.send({type: 'cancel'});
	await run.done;
	stop.abort();
});
