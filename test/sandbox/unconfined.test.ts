import {expect, test} from 'vitest';
import {createUnconfinedSandbox} from '../../source/sandbox/unconfined.ts';
import {testSandbox} from '../conformance/sandbox.ts';

testSandbox({
	name: 'none',
	create: environment =>
		createUnconfinedSandbox({environment, graceMs: 300, maxTotalBytes: 2_000_000}),
});

test('the unconfined sandbox says plainly that it is none', () => {
	expect(createUnconfinedSandbox().confinement).toEqual({
		backend: 'none',
		label: 'UNSANDBOXED',
		confined: false,
	});
});
