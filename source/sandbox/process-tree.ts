import {readdir, readFile} from 'node:fs/promises';
import {setTimeout as wait} from 'node:timers/promises';

/** Identifies a command's processes: by their group, and by a variable in their environment. */
export type ProcessTree = {readonly group: number; readonly cookie: string};

/**
 * Ends every process of the tree: `SIGTERM`, then `SIGKILL` after `graceMs`. Returns once none is
 * left, or when killing did not help for five seconds. Outside Linux, processes that left the group
 * are missed; on Linux, those that also cleared their environment.
 */
export async function killProcessTree(tree: ProcessTree, graceMs: number): Promise<void> {
	await signalTree(tree, 'SIGTERM');
	if (await exitsWithin(tree, graceMs)) {
		return;
	}

	for (let round = 0; round < killRounds; round++) {
		await signalTree(tree, 'SIGKILL');
		if (await exitsWithin(tree, killRoundMs)) {
			return;
		}
	}
}

/**
 * Ends every process whose cookie begins with `owner`. Linux only: elsewhere the environment of
 * other processes cannot be read.
 */
export async function killCommandsOf(owner: string, graceMs: number): Promise<void> {
	if (process.platform === 'linux') {
		await killProcessTree({group: noGroup, cookie: owner}, graceMs);
	}
}

/** A group without processes. */
const noGroup = -1;

const pollMs = 20;
const killRoundMs = 250;
const killRounds = 20;

async function exitsWithin(tree: ProcessTree, ms: number): Promise<boolean> {
	for (let waited = 0; ; waited += pollMs) {
		if (!(await isAlive(tree))) {
			return true;
		}

		if (waited >= ms) {
			return false;
		}

		await wait(pollMs);
	}
}

async function isAlive(tree: ProcessTree): Promise<boolean> {
	return process.platform === 'linux'
		? (await findProcesses(tree)).length > 0
		: send(-tree.group, 0);
}

async function signalTree(tree: ProcessTree, signal: NodeJS.Signals): Promise<void> {
	if (process.platform !== 'linux') {
		send(-tree.group, signal);
		return;
	}

	for (const pid of await findProcesses(tree)) {
		send(pid, signal);
	}
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
	try {
		process.kill(pid, signal);
		return true;
	} catch {
		return false;
	}
}

/** The live processes of the tree. Zombies have ended; their parent may never reap them. */
async function findProcesses({group, cookie}: ProcessTree): Promise<readonly number[]> {
	const names = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
	const found = await Promise.all(
		names.map(async name => {
			const stat = await readFile(`/proc/${name}/stat`, 'latin1').catch(() => '');
			const [state, , processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
			if (state === undefined || state === '' || state === 'Z' || state === 'X') {
				return false;
			}

			if (Number(processGroup) === group) {
				return true;
			}

			const environment = await readFile(`/proc/${name}/environ`, 'latin1').catch(() => '');
			return environment.includes(cookie);
		}),
	);
	return names.filter((_, index) => found[index] === true).map(Number);
}
