import {execFileSync} from 'node:child_process';
import {mkdir, readdir, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, onTestFinished, test, vi} from 'vitest';
import {createFileStore} from '../../../source/store/file/store.ts';
import {nodeFileSystem} from '../../../source/store/file/file-system.ts';
import {createCommandIds} from '../../../source/store/file/inbox.ts';
import {runStarted} from '../../helpers/store-events.ts';
import {untilTestEnds} from '../../helpers/store-reading.ts';
import {temporaryDirectory} from '../../helpers/temporary-directory.ts';
import {patience} from '../../helpers/patience.ts';

const run = 'calm-river';
const pause = JSON.stringify({type: 'pause'});

describe('an inbox of files', () => {
	test('takes whatever valid file somebody puts there, oldest name first', async () => {
		const {log, place} = await newInbox();
		await place('b.json', pause);
		await place('a.json', JSON.stringify({type: 'decide', approval: 'a1', decision: 'approve'}));
		expect(await log.inbox.take()).toEqual([
			{id: 'a', command: {type: 'decide', approval: 'a1', decision: 'approve', scope: 'once'}},
			{id: 'b', command: {type: 'pause'}},
		]);
	});

	test('moves what is no command aside, reports it once, and goes on', async () => {
		const {log, place, inbox} = await newInbox();
		await place('1.json', '{"type": "pause"');
		await place('2.json', JSON.stringify({type: 'launch-rocket'}));
		await place('3.json', JSON.stringify({type: 'message', to: 'lead', text: ''}));
		await place('4.json', '');
		await place('5.txt', pause);
		await place('6.json', `{"type":"pause","x":"${'x'.repeat(1024 * 1024)}"}`);
		await place(`${'7'.repeat(250)}.json`, 'long name');
		await place('8 \n$(x).json', 'odd name');
		await mkdir(join(inbox, 'new', '9.json'));
		await symlink('/etc/passwd', join(inbox, 'new', 'a.json'));
		execFileSync('mkfifo', [join(inbox, 'new', 'b.json')]);
		await place('c.json', pause);
		await place('.hidden', 'not yet');

		const entries = await log.inbox.take();
		expect(entries.map(entry => ('problem' in entry ? entry.problem : entry.command))).toEqual([
			expect.stringContaining('not a command'),
			expect.stringContaining('not a command: type'),
			expect.stringContaining('not a command: text'),
			expect.stringContaining('not a command'),
			expect.stringContaining('does not end in .json'),
			expect.stringContaining('larger than 1048576 bytes'),
			expect.stringContaining('not a command'),
			expect.stringContaining('not a command'),
			expect.stringContaining('not a file'),
			expect.stringContaining('not a file'),
			expect.stringContaining('not a file'),
			{type: 'pause'},
		]);
		expect(await log.inbox.take()).toEqual([{id: 'c', command: {type: 'pause'}}]);
		expect(await readdir(join(inbox, 'bad'))).toHaveLength(11);
	});

	test('sees a command whole: it is written elsewhere first', async () => {
		const {store, inbox} = await newInbox();
		const id = await store.post(run, {type: 'pause'});
		expect(await readdir(join(inbox, 'new'))).toEqual([`${id}.json`]);
		expect(await readdir(join(inbox, 'tmp'))).toEqual([]);
	});

	test('removes nothing outside', async () => {
		const {log, inbox} = await newInbox();
		await writeFile(join(inbox, 'x.json'), pause);
		await log.inbox.remove('../x');
		expect(await readdir(inbox)).toContain('x.json');
	});

	test('wakes by polling when the system gives no hints', async () => {
		for (const watch of [
			() => {
				throw new Error('no watches left');
			},
			() => () => undefined,
			(_: string, __: () => void, failed: () => void) => {
				failed();
				return () => undefined;
			},
		]) {
			const {store, log} = await newInbox({...nodeFileSystem, watch});
			const stop = new AbortController();
			onTestFinished(() => {
				stop.abort();
			});
			const wake = vi.fn<() => void>();
			log.inbox.watch(wake, stop.signal);
			await vi.waitFor(() => expect(wake).toHaveBeenCalled(), patience);
			wake.mockClear();
			await store.post(run, {type: 'pause'});
			await vi.waitFor(() => expect(wake).toHaveBeenCalled(), patience);

			stop.abort();
			wake.mockClear();
			const others = new AbortController();
			await new Promise<void>(resolve => {
				let left = 4;
				log.inbox.watch(() => (left -= 1) || resolve(), others.signal);
			});
			others.abort();
			expect(wake).not.toHaveBeenCalled();
		}
	});

	test('wakes at once when the system gives hints', async () => {
		const {store, log} = await newInbox(nodeFileSystem, 3_600_000);
		const wake = vi.fn<() => void>();
		log.inbox.watch(wake, untilTestEnds());
		await vi.waitFor(() => expect(wake).toHaveBeenCalled(), patience);
		wake.mockClear();
		await store.post(run, {type: 'pause'});
		await vi.waitFor(() => expect(wake).toHaveBeenCalled(), patience);
	});

	test('leaves no timer or watch behind when aborted', async () => {
		const {log} = await newInbox();
		const before = resources();
		const stop = new AbortController();
		log.inbox.watch(() => undefined, stop.signal);
		expect(resources()).not.toEqual(before);
		stop.abort();
		await vi.waitFor(() => expect(resources()).toEqual(before), patience);
		log.inbox.watch(() => undefined, stop.signal);
		expect(resources()).toEqual(before);
	});
});

describe('ids of commands', () => {
	test('sort by time, and by the order of calls when the clock stands or goes back', () => {
		let time = 1_800_000_000_000;
		const next = createCommandIds(() => time);
		const ids = [next(), next()];
		time -= 5000;
		ids.push(next());
		time += 10_000;
		ids.push(next());
		expect(ids.toSorted()).toEqual(ids);
		expect(new Set(ids).size).toBe(4);
	});
});

/** What keeps the event loop busy, but the timers of the test runner. */
function resources(): readonly string[] {
	return process
		.getActiveResourcesInfo()
		.filter(name => /FSEvent|Immediate/.test(name))
		.sort();
}

async function newInbox(fileSystem = nodeFileSystem, pollMs = 5) {
	const directory = join(await temporaryDirectory(), 'runs');
	const store = createFileStore({directory, redact: text => text, fileSystem, pollMs});
	const log = await store.create(runStarted(run), []);
	const inbox = join(directory, run, 'inbox');
	const place = (name: string, text: string) => writeFile(join(inbox, 'new', name), text);
	return {store, log, inbox, place};
}
