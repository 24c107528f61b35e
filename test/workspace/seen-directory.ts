import path from 'node:path';
import {createWorkspace} from '../../source/workspace/create-workspace.ts';
import {readFiles, temporaryDirectory} from '../helpers/repository.ts';

/** A workspace of the run `r1` over a directory, its work directory elsewhere. */
export const workspaceFor = (directory: string) => {
	const workDirectory = path.join(temporaryDirectory('run'), 'work');
	return {
		workspace: createWorkspace({directory, workDirectory, run: 'r1', environment: process.env}),
		workDirectory,
	};
};

/** What an attempt finds when it starts. */
export async function seenByAnAttempt(directory: string): Promise<Record<string, string>> {
	const {workspace} = workspaceFor(directory);
	const {base} = await workspace.prepare();
	const attempt = await workspace.open('a', base);
	return readFiles(attempt.directory);
}
