import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFile} from 'node:fs/promises';
import {createInterface} from 'node:readline';
import type {Readable, Writable} from 'node:stream';
import {describe, expect, onTestFinished, test, vi} from 'vitest';
import {ownerState, type ProcessOwner} from '../../../source/store/file/owner-state.ts';
import {createProcessIdentity} from '../../../source/store/file/identity.ts';
import {patience} from '../../helpers/patience.ts';

const self: ProcessOwner = {
	host: 'mill',
	machine: 'm1',
	boot: 'b1',
	pidNamespace: 'pid:[1]',
	pid: 100,
	processStart: '5000',
};

describe('the state of an owner', () => {
	const living = (start: string | undefined) => () => start;

	test.each([
		['alive', 'the same process still runs', {}, '5000'],
		['dead', 'its pid is free', {}, undefined],
		['dead', 'its start was never known and its pid is free', {processStart: ''}, undefined],
		['dead', 'its pid belongs to a later process', {}, '9000'],
		['dead', 'the machine was started anew', {boot: 'b0'}, '5000'],
		['unknown', 'it is on another machine', {machine: 'm2'}, undefined],
		[
			'unknown',
			'it is on another machine that was started at another time',
			{machine: 'm2', boot: 'b0'},
			undefined,
		],
		['unknown', 'it is in another container', {pidNamespace: 'pid:[2]'}, undefined],
		['alive', 'a process with its pid may not be looked at', {}, ''],
		['alive', 'its start was never known but its pid is taken', {processStart: ''}, '9000'],
	] as const)('is %s when %s', (state, _, difference, start) => {
		expect(ownerState({...self, ...difference}, self, living(start))).toBe(state);
	});
});

describe('the identity of this process', () => {
	test('is alive, and the same each time', () => {
		const identity = createProcessIdentity();
		expect(identity.self()).toMatchObject({
			pid: process.pid,
			machine: expect.stringMatching(/^\w{32}$/),
		});
		expect(createProcessIdentity().self()).toEqual(identity.self());
		expect(identity.stateOf(identity.self())).toBe('alive');
		expect(identity.self().processStart).not.toBe('');
	});

	test('sees other processes live and end', async () => {
		const identity = createProcessIdentity();
		const child = spawn('sleep', ['60'], {stdio: 'ignore'});
		onTestFinished(() => void child.kill('SIGKILL'));
		await once(child, 'spawn');
		const owner = {...identity.self(), pid: child.pid ?? 0, processStart: ''};
		expect(identity.stateOf(owner)).toBe('alive');
		expect(identity.stateOf({...owner, processStart: '1'})).toBe('dead');
		child.kill('SIGKILL');
		await once(child, 'exit');
		expect(identity.stateOf(owner)).toBe('dead');
	});

	test.runIf(process.platform === 'linux')('takes a zombie for dead', async () => {
		const identity = createProcessIdentity();
		// The shell becomes a program that never asks how its child ended; only then may the child end.
		const parent = spawn('sh', ['-c', '(read end <&3) & echo $!; exec sleep 60'], {
			stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
		});
		onTestFinished(() => void parent.kill('SIGKILL'));
		const output = parent.stdio[1] as Readable;
		const childInput = parent.stdio[3] as Writable;
		const lines = createInterface({input: output})[Symbol.asyncIterator]();
		const pid = Number((await lines.next()).value);
		await vi.waitFor(async () => {
			expect(await readFile(`/proc/${parent.pid}/comm`, 'utf8')).toBe('sleep\n');
		}, patience);
		childInput.end('\n');
		await vi.waitFor(() => {
			expect(() => process.kill(pid, 0)).not.toThrow();
			expect(identity.stateOf({...identity.self(), pid, processStart: ''})).toBe('dead');
		}, patience);
	});
});
