import path from 'node:path';
import {createWorkspace} from '../../source/workspace/create-workspace.ts';
import type {DeliveryPlan} from '../../source/workspace/workspace.ts';
import {readFiles, temporaryDirectory} from '../helpers/repository.ts';

/** What is done to the files of a directory. */
export type Edit = (directory: string) => void;

/** A run up to its delivery: the directory as it was, and one change of it. */
export async function finished(root: string, edit: Edit) {
	const runDirectory = temporaryDirectory('run');
	const options = {
		directory: root,
		workDirectory: path.join(runDirectory, 'work'),
		run: 'r1',
		environment: process.env,
	};
	const workspace = createWorkspace(options);
	const {base} = await workspace.prepare();
	const attempt = await workspace.open('a', base);
	edit(attempt.directory);
	const change = await workspace.commit(attempt, 'work');
	const head = change?.commit ?? base;
	return {
		workspace,
		runDirectory,
		base,
		head,
		result: readFiles(attempt.directory),
		plan: () => workspace.planDelivery(base, head),
		deliver: (plan: DeliveryPlan) => workspace.deliver(base, head, plan),
		restarted: createWorkspace(options),
	};
}
