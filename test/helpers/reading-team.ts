import {createHash} from 'node:crypto';
import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {canonicalJson} from '../../source/core/json.ts';
import {answerJson, call, type ModelRequest, type Reply, type Script} from './model-server.ts';
import {threeFilesPlan} from './scripted-team.ts';

/** How many files its teammate reads. */
const fileCount = 8;

/** Files that do not fit into a small context together: 6 kB each, no two lines alike. */
export async function writeLargeFiles(directory: string): Promise<void> {
	await mkdir(directory, {recursive: true});
	for (let index = 1; index <= fileCount; index++) {
		const lines = Array.from(
			{length: 150},
			(_, line) => `export const value${index}_${line} = ${index * 1_000 + line};\n`,
		);
		await writeFile(path.join(directory, `large-${index}.ts`), lines.join(''));
	}
}

/**
 * A team with one subtask whose teammate reads one large file after the other, then writes `one.txt`
 * and finishes. The same request gets the same reply, however often it is sent.
 */
export function readingTeam(): Script {
	const replies = new Map<string, Reply>();
	return request => {
		const name = bodyHash(request);
		const reply = replies.get(name) ?? replyTo(request, replies.size);
		replies.set(name, reply);
		return reply;
	};
}

/** What tells requests apart: the hash of what was sent. */
export function bodyHash({body}: ModelRequest): string {
	return createHash('sha256').update(canonicalJson(body)).digest('hex');
}

function replyTo(request: ModelRequest, ordinal: number): Reply {
	if (request.schema) {
		return answerJson({
			...threeFilesPlan,
			subtasks: threeFilesPlan.subtasks.slice(0, 1),
			checks: [],
		});
	}

	if (ordinal <= fileCount) {
		return call('read_file', {path: `large-${ordinal}.ts`});
	}

	return ordinal === fileCount + 1
		? call('write_file', {path: 'one.txt', content: 'one\n'})
		: call('finish', {summary: `read ${fileCount} files`});
}
