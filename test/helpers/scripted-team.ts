import {answerJson, call, type ModelRequest, type Reply} from './model-server.ts';

/** A plan of two parallel subtasks and one that joins them; each writes one file. */
export const threeFilesPlan = {
	summary: 'three files',
	subtasks: [
		writing('one', [], 'one.txt'),
		writing('two', [], 'two.txt'),
		writing('both', ['one', 'two'], 'both.txt'),
	],
	checks: ['test -f one.txt && test -f two.txt && test -f both.txt'],
};

/** What the directory holds when the plan of three files is done. */
export const threeFiles = {'one.txt': 'one\n', 'two.txt': 'two\n', 'both.txt': 'both\n'};

/**
 * A whole team behind any protocol: the lead gives the plan of three files, a teammate writes the
 * file of its subtask, runs a command, and finishes. A pure function of the request.
 */
export function threeFilesTeam(request: ModelRequest): Reply {
	if (wantsPlan(request)) {
		return answerJson(threeFilesPlan);
	}

	const id = subtaskOf(request);
	switch (turnOf(request)) {
		case 0:
			return call('write_file', {path: `${id}.txt`, content: `${id}\n`});
		case 1:
			return call('run_command', {command: `cat ${id}.txt`});
		default:
			return call('finish', {summary: `wrote ${id}.txt`});
	}
}

/** Whether the lead asks. A teammate that called no tool is held to the schema of a call, of any tool. */
export function wantsPlan({schema}: ModelRequest): boolean {
	return schema !== undefined && !('anyOf' in schema);
}

/** The subtask that a teammate's request is about. */
export function subtaskOf({prompt}: ModelRequest): string {
	return /# Subtask\n\n([\w-]+):/.exec(prompt)?.[1] ?? '';
}

/** How many answers the conversation of a request holds already. */
export function turnOf({body}: ModelRequest): number {
	const messages = Array.isArray(body['messages']) ? body['messages'] : [];
	return messages.filter(
		message =>
			typeof message === 'object' &&
			message !== null &&
			'role' in message &&
			message.role === 'assistant',
	).length;
}

function writing(id: string, after: readonly string[], file: string) {
	return {
		id,
		title: `Write ${file}`,
		instructions: `Write "${id}" into ${file}.`,
		dependsOn: after.map(subtask => ({subtask, when: 'success'})),
		join: 'all',
		writes: [file],
		checks: [`grep -q ${id} ${file}`],
		outputs: [],
		estimate: 1,
	};
}
