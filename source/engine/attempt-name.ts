/** The name of an attempt's directory: made of the id's bytes, since file systems may fold case. */
export function workspaceName({
	subtask,
	attempt,
}: {
	readonly subtask: {readonly id: string};
	readonly attempt: number;
}): string {
	return `${Buffer.from(subtask.id).toString('hex')}-${attempt}`;
}
