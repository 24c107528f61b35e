import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {readFileSync, readlinkSync} from 'node:fs';
import {hostname} from 'node:os';
import type {RunOwner} from '../store.ts';
import {ownerState, type OwnerState, type ProcessOwner} from './owner-state.ts';

export function processOwner({pid, host}: ProcessOwner): RunOwner {
	return {name: `process ${pid} on ${host}`};
}

/** Identifies this process, and checks whether others are alive. */
export type ProcessIdentity = {
	readonly self: () => ProcessOwner;
	readonly stateOf: (owner: ProcessOwner) => OwnerState;
};

/** The identity of this process, determined on first use. */
export function createProcessIdentity(): ProcessIdentity {
	let known: ProcessOwner | undefined;
	const self = () => (known ??= describeProcess());
	return {self, stateOf: owner => ownerState(owner, self(), processStartTime)};
}

/** Start time of a live process on this machine; see {@link ownerState}. */
function processStartTime(pid: number): string | undefined {
	const stat = tryOrUndefined(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
	return stat === undefined ? portableStartTime(pid) : parseStartTime(stat);
}

function describeProcess(): ProcessOwner {
	return {
		host: hostname(),
		machine: machineId(),
		boot: bootId(),
		pidNamespace: tryOrUndefined(() => readlinkSync('/proc/self/ns/pid')) ?? '',
		pid: process.pid,
		processStart: processStartTime(process.pid) ?? '',
	};
}

/**
 * A hash, since machine-id(5) asks not to publish the id itself. It includes the host name, because
 * containers from the same image share an id.
 */
function machineId(): string {
	const id =
		process.platform === 'darwin'
			? (output('ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice'])?.match(
					/"IOPlatformUUID" = "([^"]+)"/,
				)?.[1] ?? hostname())
			: `${tryOrUndefined(() => readFileSync('/etc/machine-id', 'utf8').trim()) ?? ''} ${hostname()}`;
	return createHash('sha256').update(`llm-orchestrator ${id}`).digest('hex').slice(0, 32);
}

function bootId(): string {
	return process.platform === 'darwin'
		? (output('sysctl', ['-n', 'kern.bootsessionuuid']) ?? '')
		: (tryOrUndefined(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? '');
}

/**
 * Field 22 of proc_pid_stat(5), in clock ticks since boot. A zombie counts as dead: it no longer
 * writes.
 */
function parseStartTime(stat: string): string | undefined {
	// The second field is the program's name in parentheses, which may contain spaces and
	// parentheses.
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return fields[0] === 'Z' || fields[0] === 'X' ? undefined : (fields[19] ?? '');
}

function portableStartTime(pid: number): string | undefined {
	if (!processExists(pid)) {
		return undefined;
	}
	return process.platform === 'darwin'
		? (output('ps', ['-o', 'lstart=', '-p', `${pid}`]) ?? '')
		: '';
}

function processExists(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		return error instanceof Error && 'code' in error && error.code === 'EPERM';
	}
}

/** Where `ioreg`, `sysctl` and `ps` are, whatever the person's `PATH` is. */
const systemPath = '/usr/bin:/bin:/usr/sbin:/sbin';

function output(program: string, argv: readonly string[]): string | undefined {
	return tryOrUndefined(() =>
		execFileSync(program, argv, {
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore'],
			timeout: 5000,
			env: {PATH: systemPath, LC_ALL: 'C', TZ: 'UTC'},
		}).trim(),
	);
}

function tryOrUndefined<Result>(action: () => Result): Result | undefined {
	try {
		return action();
	} catch {
		return undefined;
	}
}
