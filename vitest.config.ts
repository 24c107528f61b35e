import {defineConfig} from 'vitest/config';
import {SlowestFirst} from './test/sequencer.ts';

const all = 'test/**/*.test.{ts,tsx}';

/** Tests of the bundle and of the benchmarks: `npm run build` first. */
const slow = ['test/e2e/**/*.test.ts', 'test/benchmark/**/*.test.ts'];

/** Tests against a real model: `npm run test:real`. */
const byHand = ['test/real/**'];

/** Tests that change the process they run in: its variables, its output, its clock. */
const alone = [
	'test/providers/{broken-connections,side-effects}.test.ts',
	'test/providers/local/servers.test.ts',
	'test/session/reorder-buffer.test.ts',
	'test/store/file/{inbox,transcripts}.test.ts',
	'test/ui/{draw-throttle,app,input-tap}.test.{ts,tsx}',
	'test/ui/keys/terminal-keys.test.tsx',
	'test/ui/widgets/**/*.test.tsx',
	'test/workspace/{attempts,refused-directory}.test.ts',
];

export default defineConfig({
	test: {
		maxWorkers: 2,
		sequence: {sequencer: SlowestFirst},
		projects: [
			{extends: true, test: {name: 'slow', include: slow, isolate: false}},
			{extends: true, test: {name: 'alone', include: alone}},
			{
				extends: true,
				test: {
					name: 'shared',
					include: [all],
					exclude: [...slow, ...alone, ...byHand],
					isolate: false,
				},
			},
		],
		// A person's machine has few cores and may be busy, and many tests start processes of their own.
		// It is also what ends functions that take quadratic time for the megabytes that some tests give them.
		testTimeout: 300_000,
		hookTimeout: 300_000,
	},
});
