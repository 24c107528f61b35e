import {defineConfig} from 'vitest/config';

/** Tests against a real model, which is slow and not the same on every machine: by hand, `npm run test:real`. */
export default defineConfig({
	test: {
		include: ['test/real/**/*.test.ts'],
		maxWorkers: 1,
		isolate: false,
		testTimeout: 30 * 60_000,
		hookTimeout: 5 * 60_000,
	},
});
