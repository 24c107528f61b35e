import {mkdir, realpath} from 'node:fs/promises';
import path from 'node:path';
import {createAttempts} from './attempts.ts';
import {mergeChange} from './git-trees.ts';
import {deliver, deliveredChanges, planDelivery, targetOf} from './delivery.ts';
import {findDependencies, linkAncestorModules} from './dependencies.ts';
import {exportChange, importChange} from './bundle.ts';
import type {Environment} from '../core/environment.ts';
import {createGit} from './git.ts';
import {createSync} from './durability.ts';
import {createRepository} from './repository.ts';
import {takeSnapshot} from './snapshot.ts';
import {inspectDirectory} from './source-directory.ts';
import {undoDelivery} from './undo.ts';
import type {Workspace} from './workspace.ts';

export type WorkspaceOptions = {
	/** The person's directory: a git checkout, a part of one, or a plain folder. */
	readonly directory: string;
	/** For our files only, created if missing. A patch, if needed, is written next to it. */
	readonly workDirectory: string;
	/** Used in the names of the delivered branch or patch. */
	readonly run: string;
	/** Used to find git, the home directory and the person's settings; usually `process.env`. */
	readonly environment: Environment;
	/** Aborts running git calls, which reject with `cancelled`. */
	readonly signal?: AbortSignal | undefined;
};

/** Isolation and delivery with git (2.38 or newer), which must be on the `PATH`. */
export function createWorkspace(options: WorkspaceOptions): Workspace {
	const {directory, environment, run, signal} = options;
	const workDirectory = path.resolve(options.workDirectory);
	const repository = path.join(workDirectory, 'repository');
	const git = createGit({at: {repository}, environment, signal});
	const delivery = {git, repository, workDirectory, run};

	const inspect = () => inspectDirectory(directory, {environment, signal});
	const sync = createSync(repository);
	const dependencies = async () => {
		const root = await realpath(directory);
		return {root, names: await findDependencies(root)};
	};
	const attempts = createAttempts({git, repository, workDirectory, dependencies, signal});
	const head = () => git.text(['rev-parse', '--verify', integration]);

	return {
		async prepare() {
			const source = await inspect();
			await mkdir(workDirectory, {recursive: true});
			await linkAncestorModules(source, path.join(workDirectory, 'worktrees'));
			await createRepository(repository, source, workDirectory);
			const snapshot = await takeSnapshot(git, source, path.join(workDirectory, 'snapshot-index'));
			await git.run(['update-ref', integration, snapshot.base]);
			await sync();
			return snapshot;
		},

		head,
		...attempts,

		exportChange: change => exportChange(git, change),
		importChange: bundle => importChange(git, bundle, path.join(workDirectory, 'bundles')),

		merge: (change, onto) => mergeChange(git, change, onto),

		async advance(from, to) {
			if ((await head()) === to) {
				return;
			}

			await git.run(['update-ref', integration, to, from]);
		},

		sync,

		planDelivery: async (base, to) => planDelivery(delivery, await inspect(), base, to),

		deliver: async (base, to, plan) => deliver(delivery, await inspect(), {base, head: to, plan}),

		async undo(paths) {
			const source = await inspect();
			return undoDelivery(git, targetOf(source, await head()), {
				paths,
				delivered: await deliveredChanges(git),
				scratch: path.join(workDirectory, 'undo'),
			});
		},
	};
}

const integration = 'refs/heads/integration';
