import {describe, expect, test} from 'vitest';
import type {Store} from '../../source/store/store.ts';
import {paused} from '../helpers/store-events.ts';
import {nextOf, untilTestEnds} from '../helpers/store-reading.ts';
import {newRun} from './new-run.ts';

/** What every store keeps for those who follow a run. */
export function describeFollowing(name: string, plain: () => Promise<Store>): void {
	describe(`${name}: following`, () => {
		test('gives the events so far, then new ones as they come, and ends when aborted', async () => {
			const {store, log} = await newRun(plain);
			log.append(paused({run: log.run, seq: 2}));
			await log.barrier();
			const stop = new AbortController();
			const events = store.follow(log.run, 1, stop.signal)[Symbol.asyncIterator]();

			expect((await events.next()).value).toEqual(paused({run: log.run, seq: 2}));
			const third = events.next();
			log.append(paused({run: log.run, seq: 3}));
			expect((await third).value).toEqual(paused({run: log.run, seq: 3}));

			const fourth = events.next();
			stop.abort();
			expect(await fourth).toEqual({value: undefined, done: true});
		});

		test('goes on over a change of the writer', async () => {
			const {store, log} = await newRun(plain);
			const events = store.follow(log.run, 1, untilTestEnds())[Symbol.asyncIterator]();
			const second = events.next();
			await log.close();
			const next = await store.open(log.run, {takeOver: false});
			next.log.append(paused({run: log.run, seq: 2, epoch: 2}));
			expect((await second).value).toMatchObject({seq: 2, epoch: 2});
		});

		test('gives nothing when it is aborted before', async () => {
			const {store, log} = await newRun(plain);
			expect(await nextOf(store.follow(log.run, 0, AbortSignal.abort()))).toBeUndefined();
		});
	});
}
