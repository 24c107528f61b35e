/** Does what must not end the program when it fails: what fails is told, and the view ends alone. */
export function guarded(fail: (error: unknown) => void, work: () => void): void {
	try {
		work();
	} catch (error) {
		fail(error);
	}
}
