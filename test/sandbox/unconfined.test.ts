import {tmpdir} from 'node:os';
import {expect, test} from 'vitest';
import {createUnconfinedSandbox} from '../../source/sandbox/unconfined.ts';
import {testSandbox} from '../conformance/sandbox.ts';
import {patienceMs} from '../helpers/patience.ts';

testSandbox({
	name: 'none',
	create: environment =>
		createUnconfinedSandbox({environment, graceMs: 300, maxTotalBytes: 2_000_000}),
});

test('the unconfined sandbox says plainly that it is none', () => {
	expect(createUnconfinedSandbox({environment: process.env}).confinement).toEqual({
		backend: 'none',
		label: 'UNSANDBOXED',
		confined: false,
	});
});

test.runIf(process.platform === 'linux')('a command leads a process group of its own', async () => {
	const command = 'test "$(cut -d " " -f 5 /proc/$$/stat)" = $$';
	const directory = tmpdir();
	const spec = {command, directory, writableRoot: directory, network: false, timeoutMs: patienceMs};
	const {exitCode} = await createUnconfinedSandbox({environment: process.env}).run(spec, {
		signal: new AbortController().signal,
	});
	expect(exitCode).toBe(0);
});
