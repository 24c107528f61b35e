import {readdir, readFile} from 'node:fs/promises';
import {setTimeout as wait} from 'node:timers/promises';

/** How a command's processes are known: by their group, and by a variable in their environment. */
export type ProcessTree = {readonly group: number; readonly cookie: string};

/**
 * Ends every process of the tree: asks (`SIGTERM`), and kills what is still there after `graceMs`.
 * Returns when none is left, or when even killing did not help for five seconds. Outside Linux a
 * process that left the group is not found; on Linux one that also cleared its environment is not.
 */
export async function endProcessTree(tree: ProcessTree, graceMs: number): Promise<void> {
	await signalTree(tree, 'SIGTERM');
	if (await goneWithin(tree, graceMs)) {
		return;
	}

	for (let round = 0; round < killRounds; round++) {
		await signalTree(tree, 'SIGKILL');
		if (await goneWithin(tree, killRoundMs)) {
			return;
		}
	}
}

/**
 * Ends every process whose cookie begins with `owner`. Only on Linux: elsewhere the environment of
 * other processes cannot be read.
 */
export async function endCommandsOf(owner: string, graceMs: number): Promise<void> {
	if (process.platform === 'linux') {
		await endProcessTree({group: noGroup, cookie: owner}, graceMs);
	}
}

/** No process is in it. */
const noGroup = -1;

const pollMs = 20;
const killRoundMs = 250;
const killRounds = 20;

async function goneWithin(tree: ProcessTree, ms: number): Promise<boolean> {
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

/** The living processes of the tree. A zombie has ended; whoever should collect it may never come. */
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
