import type {Change} from '../core/change.ts';
import type {DeliveryPath} from '../core/run-event.ts';

/** The directory of one attempt. */
export type AttemptWorkspace = {readonly directory: string; readonly base: string};

export type MergeResult =
	| {readonly kind: 'merged'; readonly commit: string}
	| {readonly kind: 'conflict'; readonly paths: readonly string[]};

export type Snapshot = {
	readonly kind: 'git' | 'plain';
	/**
	 * Commit of the directory's current state, including uncommitted and untracked (not ignored)
	 * files.
	 */
	readonly base: string;
	readonly files: number;
};

export type DeliveryPlan = {
	/** `apply`: into the directory; `branch`, `patch`: left next to it, because of `reason`. */
	readonly mode: 'apply' | 'branch' | 'patch';
	readonly paths: readonly DeliveryPath[];
	readonly reason?: string | undefined;
};

export type Delivered = {
	readonly mode: 'apply' | 'branch' | 'patch';
	readonly files: readonly string[];
	/** Branch name or path of the patch, if the directory was left alone. */
	readonly target?: string | undefined;
};

export type Undone = {
	readonly files: readonly string[];
	/** Files left alone because they were changed after the delivery. */
	readonly kept: readonly string[];
};

/**
 * Isolation and delivery for one run. All git objects are in a repository of the run's own; the
 * person's repository (index, branches, stash, hooks) is never written, except to add the branch of
 * a delivery. Throws `FailureError` (`bad-request` for an unusable directory, `internal` for a git
 * failure).
 */
export type Workspace = {
	/** Takes the snapshot and sets the integration head to it. */
	prepare(): Promise<Snapshot>;
	/** The integration head: a commit. */
	head(): Promise<string>;
	/** A fresh directory at `base`. An existing one of the same name is replaced. */
	open(name: string, base: string): Promise<AttemptWorkspace>;
	/** The existing directory of that name, if any, as it was left. */
	find(name: string): Promise<AttemptWorkspace | undefined>;
	/**
	 * Commits everything that differs from `base` (except ignored files); `null` if nothing does.
	 */
	commit(workspace: AttemptWorkspace, message: string): Promise<Change | null>;
	/** Unified diff of the workspace against its base, at most `maxBytes`. */
	diff(workspace: AttemptWorkspace, maxBytes: number): Promise<string>;
	remove(name: string): Promise<void>;
	/**
	 * A git bundle of the objects of a change that its base does not have, for import by the same
	 * run's workspace on another machine.
	 */
	exportChange(change: Change): Promise<Buffer>;
	/** Imports a bundle of `exportChange`; rejects if it is damaged or its base is missing. */
	importChange(bundle: Buffer): Promise<void>;
	/**
	 * Applies a change to `head` without moving anything. Deterministic: the same input gives the
	 * same tree.
	 */
	merge(change: Change, head: string): Promise<MergeResult>;
	/** Moves the integration head from `from` to `to`; rejects if it is neither. */
	advance(from: string, to: string): Promise<void>;
	/** Makes the results of `advance` and `commit` survive a power loss. */
	sync(): Promise<void>;
	/** What delivering `head` would do to the directory in its current state. */
	planDelivery(base: string, head: string): Promise<DeliveryPlan>;
	/** Executes a plan; if called again after a crash, it continues. */
	deliver(base: string, head: string, plan: DeliveryPlan): Promise<Delivered>;
	/** Undoes delivered paths by three-way merge: later edits of the same file are kept. */
	undo(paths: readonly DeliveryPath[]): Promise<Undone>;
};
