import {readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {createFileStore} from '../../../source/store/file/store.ts';
import type {OwnerState, ProcessOwner} from '../../../source/store/file/owner-state.ts';
import type {ProcessIdentity} from '../../../source/store/file/identity.ts';
import {
	claimLock,
	closeLock,
	isSuperseded,
	readNewestLock,
} from '../../../source/store/file/lock.ts';
import {RunHeldError} from '../../../source/store/store.ts';
import {runStarted} from '../../helpers/store-events.ts';
import {unsyncedFileSystem as fileSystem} from '../../helpers/store-faults.ts';
import {temporaryDirectory} from '../../helpers/temporary-directory.ts';

describe('locks of a run', () => {
	test('say who holds it, and are never removed', async () => {
		const directory = await temporaryDirectory();
		expect(await readNewestLock(directory)).toBeUndefined();
		expect(await claim(directory, 1, 'dead')).toBe(1);
		expect(await readNewestLock(directory)).toEqual({epoch: 1, owner: owner(1), closed: false});
		expect(isSuperseded(directory, 1)).toBe(false);
		expect(await claim(directory, 2, 'dead')).toBe(2);
		expect(isSuperseded(directory, 1)).toBe(true);
		expect(await readNewestLock(directory)).toEqual({epoch: 2, owner: owner(2), closed: false});
		await closeLock(directory, 2, fileSystem);
		expect(await readNewestLock(directory)).toEqual({epoch: 2, owner: owner(2), closed: true});
		expect((await readdir(directory)).sort()).toEqual(['closed.2', 'lock.1', 'lock.2']);
	});

	test('count as numbers', async () => {
		const directory = await temporaryDirectory();
		for (let epoch = 1; epoch <= 11; epoch += 1) {
			expect(await claim(directory, epoch, 'dead')).toBe(epoch);
		}
	});

	test('pass from an owner that lives to nobody', async () => {
		const directory = await temporaryDirectory();
		await claim(directory, 1, 'dead');
		for (const takeOver of [false, true]) {
			const error = await claim(directory, 2, 'alive', takeOver).catch((thrown: unknown) => thrown);
			expect(error).toBeInstanceOf(RunHeldError);
			expect(error).toMatchObject({owner: {name: 'process 1 on mill'}, unknown: false});
		}
	});

	test('pass from an owner out of sight by take-over only', async () => {
		const directory = await temporaryDirectory();
		await claim(directory, 1, 'dead');
		await expect(claim(directory, 2, 'unknown')).rejects.toMatchObject({
			owner: {name: 'process 1 on mill'},
			unknown: true,
		});
		expect(await claim(directory, 2, 'unknown', true)).toBe(2);
	});

	test('pass from an owner out of sight when it closed the run', async () => {
		const directory = await temporaryDirectory();
		await claim(directory, 1, 'dead');
		await closeLock(directory, 1, fileSystem);
		expect(await claim(directory, 2, 'unknown')).toBe(2);
	});

	test('go to one of many who see the same dead owner', async () => {
		const directory = await temporaryDirectory();
		await claim(directory, 1, 'dead');
		const identityOf = (pid: number): ProcessIdentity => ({
			self: () => owner(pid),
			stateOf: ({pid: held}) => (held === 1 ? 'dead' : 'alive'),
		});
		const claims = await Promise.allSettled(
			[2, 3, 4, 5].map(pid =>
				claimLock({directory, run: 'r', identity: identityOf(pid), takeOver: false, fileSystem}),
			),
		);
		expect(claims.filter(({status}) => status === 'fulfilled')).toEqual([
			{status: 'fulfilled', value: 2},
		]);
		expect((await readdir(directory)).sort()).toEqual(['lock.1', 'lock.2']);
	});

	test('stop at a lock that says nothing, with what to do', async () => {
		const directory = await temporaryDirectory();
		await writeFile(join(directory, 'lock.3'), '');
		await expect(claim(directory, 4, 'dead')).rejects.toMatchObject({
			kind: 'damaged',
			hint: expect.stringContaining(`ln ${directory}/lock.3 ${directory}/closed.3`),
		});
	});
});

describe('a run of another machine', () => {
	test('is opened by take-over, which stops its writer', async () => {
		const directory = join(await temporaryDirectory(), 'runs');
		const options = {directory, redact: (text: string) => text};
		const there = createFileStore({
			...options,
			identity: {self: () => owner(7), stateOf: () => 'alive'},
		});
		const here = createFileStore(options);
		const log = await there.create(runStarted('calm-river'), []);
		expect(await here.owner('calm-river')).toEqual({name: 'process 7 on mill'});
		await expect(here.open('calm-river', {takeOver: false})).rejects.toMatchObject({
			name: 'RunHeldError',
			unknown: true,
			message: expect.stringContaining('process 7 on mill; whether it is still alive'),
		});
		expect(JSON.parse(await readFile(join(directory, 'calm-river', 'lock.1'), 'utf8'))).toEqual(
			owner(7),
		);

		const {log: taken} = await here.open('calm-river', {takeOver: true});
		expect(taken.epoch).toBe(2);
		expect(log.lost.aborted).toBe(false);
		await expect(log.barrier()).rejects.toMatchObject({kind: 'superseded'});
		expect(log.lost.reason).toMatchObject({kind: 'superseded'});
		expect(taken.lost.aborted).toBe(false);
		await taken.close();
	});
});

function owner(pid: number): ProcessOwner {
	return {host: 'mill', machine: 'm', boot: 'b', pidNamespace: 'n', pid, processStart: '1'};
}

/** Claims the run in a directory as process `pid`, to which all others are in `state`. */
function claim(
	directory: string,
	pid: number,
	state: OwnerState,
	takeOver = false,
): Promise<number> {
	const identity = {self: () => owner(pid), stateOf: () => state};
	return claimLock({directory, run: 'calm-river', identity, takeOver, fileSystem});
}
