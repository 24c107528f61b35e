import {defineConfig} from 'vitest/config';

export default defineConfig({
	test: {
		include: ['test/**/*.test.{ts,tsx}'],
		maxWorkers: 2,
		// A person's machine has few cores, and many tests start processes of their own. It is also what
		// ends functions that take quadratic time for the megabytes that some tests give them.
		testTimeout: 60_000,
		hookTimeout: 60_000,
	},
});
