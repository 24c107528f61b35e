import {describe, expect, test, vi} from 'vitest';
import type {SteeringCommand} from '../../source/core/steering-command.ts';
import type {Store} from '../../source/store/store.ts';
import {nextEntries, untilTestEnds} from '../helpers/store-reading.ts';
import {newRun} from './new-run.ts';

/** What every store keeps of commands for a run. */
export function describeInbox(name: string, plain: () => Promise<Store>): void {
	describe(`${name}: inbox`, () => {
		test('hands out commands oldest first until they are removed', async () => {
			const {store, log} = await newRun(plain);
			const commands: SteeringCommand[] = ['a', 'b', 'c', 'd'].map(subtask => ({
				type: 'cancel',
				subtask,
			}));
			const ids: string[] = [];
			for (const command of commands) {
				ids.push(await store.post(log.run, command));
			}

			const expected = commands.map((command, index) => ({id: ids[index], command}));
			expect(await log.inbox.take()).toEqual(expected);
			expect(new Set(ids).size).toBe(4);
			await log.inbox.remove(ids[1] ?? '');
			await log.inbox.remove('no-such-id');
			expect(await log.inbox.take()).toEqual(expected.toSpliced(1, 1));
		});

		test('keeps commands for a run that nobody holds', async () => {
			const {store, log} = await newRun(plain);
			await log.close();
			const command: SteeringCommand = {
				type: 'decide',
				approval: 'a1',
				decision: 'approve',
				scope: 'once',
			};
			const id = await store.post(log.run, command);
			const {log: next} = await store.open(log.run, {takeOver: false});
			expect(await next.inbox.take()).toEqual([{id, command}]);
		});

		test('wakes the holder when a command comes', async () => {
			const {store, log} = await newRun(plain);
			const taken = nextEntries(log, untilTestEnds());
			await store.post(log.run, {type: 'pause'});
			expect(await taken).toMatchObject([{command: {type: 'pause'}}]);
		});

		test('wakes nobody after the watch was aborted', async () => {
			const {store, log} = await newRun(plain);
			const stop = new AbortController();
			const wake = vi.fn<() => void>();
			log.inbox.watch(wake, stop.signal);
			stop.abort();
			wake.mockClear();
			const others = nextEntries(log, untilTestEnds());
			await store.post(log.run, {type: 'pause'});
			await others;
			await new Promise(resolve => setImmediate(resolve));
			expect(wake).not.toHaveBeenCalled();
		});
	});
}
