/** Identifies a process well enough to determine whether the same one is still alive. */
export type ProcessOwner = {
	readonly host: string;
	readonly machine: string;
	readonly boot: string;
	readonly pidNamespace: string;
	readonly pid: number;
	/** Start time of the process as the kernel counts it, to detect a reused pid. */
	readonly processStart: string;
};

/** Whether an owner is alive. `unknown`: not visible from here (another machine or container). */
export type OwnerState = 'alive' | 'dead' | 'unknown';

/**
 * The state of an owner as seen from `self`. `startOf` returns the start time of a process on this
 * machine, `undefined` if there is none, and an empty text if it is alive but cannot be inspected.
 */
export function ownerState(
	owner: ProcessOwner,
	self: ProcessOwner,
	startOf: (pid: number) => string | undefined,
): OwnerState {
	if (owner.machine !== self.machine) {
		return 'unknown';
	}
	if (owner.boot !== self.boot) {
		return 'dead';
	}
	if (owner.pidNamespace !== self.pidNamespace) {
		return 'unknown';
	}
	const start = startOf(owner.pid);
	if (start === undefined) {
		return 'dead';
	}
	return start === '' || owner.processStart === '' || start === owner.processStart
		? 'alive'
		: 'dead';
}
