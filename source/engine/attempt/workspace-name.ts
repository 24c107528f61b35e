import {hash} from 'node:crypto';

/**
 * The name of an attempt's directory: the id for readability, plus part of its hash, because file systems
 * may ignore case and ids may be long.
 */
export function workspaceName({
	subtask: {id},
	attempt,
}: {
	readonly subtask: {readonly id: string};
	readonly attempt: number;
}): string {
	const print = hash('sha256', id, 'hex').slice(0, 8);
	return `${id.toLowerCase().slice(0, 40)}-${print}-${attempt}`;
}
