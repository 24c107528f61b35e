import {describe, expect, test} from 'vitest';
import type {Store} from '../../source/store/store.ts';
import {newRun, type CreateStore} from './new-run.ts';

/** What every store keeps of what agents say. */
export function describeTranscripts(
	name: string,
	plain: () => Promise<Store>,
	createStore: CreateStore,
): void {
	describe(`${name}: transcripts`, () => {
		const said = (kind: 'text' | 'thinking', text: string) => ({
			time: expect.stringMatching(/^\d{4}-.*Z$/),
			kind,
			text,
		});

		test('keep what each agent said, without secrets, also over a change of the writer', async () => {
			const {store, log} = await newRun(() =>
				createStore({redact: text => text.replaceAll('hunter2', '[secret]')}),
			);
			log.transcribe('lead', 'thinking', 'hm\n日本');
			log.transcribe('lead', 'text', 'the key is hunter2');
			log.transcribe('../x', 'text', 'I am another');
			expect(await log.readTranscript('lead')).toHaveLength(2);
			await log.close();
			const next = await store.open(log.run, {takeOver: false});
			next.log.transcribe('lead', 'text', 'again');
			await next.log.close();
			expect(await store.readTranscript(log.run, 'lead')).toEqual([
				said('thinking', 'hm\n日本'),
				said('text', 'the key is [secret]'),
				said('text', 'again'),
			]);
			expect(await store.readTranscript(log.run, '../x')).toEqual([said('text', 'I am another')]);
			expect(await store.readTranscript(log.run, 'nobody')).toEqual([]);
		});

		test('can be followed from now on, by several at once, until they leave', async () => {
			const {store, log} = await newRun(plain);
			log.transcribe('lead', 'text', 'before');
			expect(await log.readTranscript('lead')).toHaveLength(1);
			const stop = new AbortController();
			const follow = (agent: string) =>
				store.followTranscript(log.run, agent, stop.signal)[Symbol.asyncIterator]();
			const [one, two, other] = [follow('lead'), follow('lead'), follow('teammate-1')];
			const firsts = [one.next(), two.next(), other.next()];
			log.transcribe('lead', 'text', 'first');
			log.transcribe('lead', 'thinking', 'second');
			log.transcribe('teammate-1', 'text', 'hello');
			expect((await Promise.all(firsts)).map(({value}) => value)).toEqual([
				said('text', 'first'),
				said('text', 'first'),
				said('text', 'hello'),
			]);
			expect((await one.next()).value).toEqual(said('thinking', 'second'));
			const last = one.next();
			stop.abort();
			expect(await last).toEqual({value: undefined, done: true});
		});

		test('are no change of a run', async () => {
			const {store, log} = await newRun(plain);
			const [before] = await store.list();
			log.transcribe('lead', 'text', 'hello');
			await log.readTranscript('lead');
			expect(await store.list()).toEqual([before]);
		});
	});
}
