import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {readFileSync, readlinkSync} from 'node:fs';
import {hostname} from 'node:os';
import type {RunOwner} from '../store.ts';

/** A process, with enough to tell whether it is still the same one and alive. */
export type ProcessOwner = {
	readonly host: string;
	readonly machine: string;
	readonly boot: string;
	readonly pidNamespace: string;
	readonly pid: number;
	/** Start time of the process as the kernel counts it, against reuse of the pid. */
	readonly processStart: string;
};

export function processOwner({pid, host}: ProcessOwner): RunOwner {
	return {name: `process ${pid} on ${host}`};
}

/** Whether an owner lives. `unknown`: it is out of sight (another machine or container). */
export type OwnerState = 'alive' | 'dead' | 'unknown';

/** Who this process is, and whether another one lives. */
export type ProcessIdentity = {
	readonly self: () => ProcessOwner;
	readonly stateOf: (owner: ProcessOwner) => OwnerState;
};

/** The identity of this process, found out on first use. */
export function createProcessIdentity(): ProcessIdentity {
	let known: ProcessOwner | undefined;
	const self = () => (known ??= describeProcess());
	return {self, stateOf: owner => ownerState(owner, self(), startOfProcess)};
}

/**
 * What is known of an owner, seen from `self`. `startOf` gives the start time of a process of this
 * machine, `undefined` when there is none, and an empty text when it lives but may not be looked at.
 */
export function ownerState(
	owner: ProcessOwner,
	self: ProcessOwner,
	startOf: (pid: number) => string | undefined,
): OwnerState {
	if (owner.machine !== self.machine) return 'unknown';
	if (owner.boot !== self.boot) return 'dead';
	if (owner.pidNamespace !== self.pidNamespace) return 'unknown';
	const start = startOf(owner.pid);
	if (start === undefined) return 'dead';
	return start === '' || owner.processStart === '' || start === owner.processStart
		? 'alive'
		: 'dead';
}

/** Start time of a living process of this machine; see {@link ownerState}. */
export function startOfProcess(pid: number): string | undefined {
	const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
	return stat === undefined ? portableStart(pid) : startInStat(stat);
}

function describeProcess(): ProcessOwner {
	return {
		host: hostname(),
		machine: machineId(),
		boot: bootId(),
		pidNamespace: attempt(() => readlinkSync('/proc/self/ns/pid')) ?? '',
		pid: process.pid,
		processStart: startOfProcess(process.pid) ?? '',
	};
}

/**
 * An own hash: machine-id(5) asks not to publish the id itself. The host's name is part of it,
 * because containers made from one image share an id.
 */
function machineId(): string {
	const id =
		process.platform === 'darwin'
			? (output('ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice'])?.match(
					/"IOPlatformUUID" = "([^"]+)"/,
				)?.[1] ?? hostname())
			: `${attempt(() => readFileSync('/etc/machine-id', 'utf8').trim()) ?? ''} ${hostname()}`;
	return createHash('sha256').update(`llm-orchestrator ${id}`).digest('hex').slice(0, 32);
}

function bootId(): string {
	return process.platform === 'darwin'
		? (output('sysctl', ['-n', 'kern.bootsessionuuid']) ?? '')
		: (attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? '');
}

/** Field 22 of proc_pid_stat(5), in clock ticks since boot. A zombie is dead: it writes no more. */
function startInStat(stat: string): string | undefined {
	// The second field is the program's name in parentheses, which may hold spaces and parentheses.
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return fields[0] === 'Z' || fields[0] === 'X' ? undefined : (fields[19] ?? '');
}

function portableStart(pid: number): string | undefined {
	if (!exists(pid)) return undefined;
	return process.platform === 'darwin'
		? (output('ps', ['-o', 'lstart=', '-p', `${pid}`]) ?? '')
		: '';
}

function exists(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		return error instanceof Error && 'code' in error && error.code === 'EPERM';
	}
}

function output(program: string, argv: readonly string[]): string | undefined {
	return attempt(() =>
		execFileSync(program, argv, {
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore'],
			timeout: 5000,
			env: {...process.env, LC_ALL: 'C', TZ: 'UTC'},
		}).trim(),
	);
}

function attempt<Result>(action: () => Result): Result | undefined {
	try {
		return action();
	} catch {
		return undefined;
	}
}
