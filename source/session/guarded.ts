/**
 * Runs `work` and reports an error instead of throwing, so that only the view ends, not the program.
 */
export function guarded(fail: (error: unknown) => void, work: () => void): void {
	try {
		work();
	} catch (error) {
		fail(error);
	}
}
