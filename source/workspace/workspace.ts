import type {Change} from '../core/change.ts';
import type {DeliveryPath} from '../core/run-event.ts';

/** A directory of its own for one attempt. */
export type AttemptWorkspace = {readonly directory: string; readonly base: string};

export type MergeResult =
	| {readonly kind: 'merged'; readonly commit: string}
	| {readonly kind: 'conflict'; readonly paths: readonly string[]};

export type Snapshot = {
	readonly kind: 'git' | 'plain';
	/** Commit of the directory as it is: uncommitted and untracked (not ignored) files included. */
	readonly base: string;
	readonly files: number;
};

export type DeliveryPlan = {
	/** `apply`: into the directory; `branch`, `patch`: left beside it, because of `reason`. */
	readonly mode: 'apply' | 'branch' | 'patch';
	readonly paths: readonly DeliveryPath[];
	readonly reason?: string | undefined;
};

export type Delivered = {
	readonly mode: 'apply' | 'branch' | 'patch';
	readonly files: readonly string[];
	/** Branch name or path of the patch, when the directory was left alone. */
	readonly target?: string | undefined;
};

export type Undone = {
	readonly files: readonly string[];
	/** Files left as they are, because somebody changed them after the delivery. */
	readonly kept: readonly string[];
};

/**
 * Isolation and delivery for one run. All git objects live in a repository of the run's own; the
 * person's repository (index, branches, stash, hooks) is never written, except that a delivery as a
 * branch adds that branch. Throws `FailureError` (`bad-request` for a directory that cannot be used,
 * `internal` for a git failure).
 */
export type Workspace = {
	/** Takes the snapshot and sets the integration head to it. */
	prepare(): Promise<Snapshot>;
	/** The integration head: a commit. */
	head(): Promise<string>;
	/** A fresh directory at `base`. An old one of the same name is replaced. */
	open(name: string, base: string): Promise<AttemptWorkspace>;
	/** The directory of that name if it is still there, as it was left. */
	find(name: string): Promise<AttemptWorkspace | undefined>;
	/** Commits everything that differs from `base` (not ignored files); `null` when nothing does. */
	commit(workspace: AttemptWorkspace, message: string): Promise<Change | null>;
	/** Unified diff of the workspace against its base, at most `maxBytes`. */
	diff(workspace: AttemptWorkspace, maxBytes: number): Promise<string>;
	remove(name: string): Promise<void>;
	/**
	 * The objects of a change that its base does not have, to be imported by the workspace of the same run
	 * on another machine. A git bundle.
	 */
	exportChange(change: Change): Promise<Buffer>;
	/** Takes in what `exportChange` gave; rejects when it is damaged or its base is not here. */
	importChange(bundle: Buffer): Promise<void>;
	/** Puts a change onto `head` without moving anything: same tree twice for the same input. */
	merge(change: Change, head: string): Promise<MergeResult>;
	/** Moves the integration head from `from` to `to`; rejects when it is neither of both. */
	advance(from: string, to: string): Promise<void>;
	/** Makes what `advance` and `commit` wrote survive a power loss. */
	sync(): Promise<void>;
	/** What delivering `head` would do to the directory, as the directory is now. */
	planDelivery(base: string, head: string): Promise<DeliveryPlan>;
	/** Carries out a plan; called again after a crash it goes on where it was. */
	deliver(base: string, head: string, plan: DeliveryPlan): Promise<Delivered>;
	/** Takes delivered paths back, three-way: later edits of the same file are kept. */
	undo(paths: readonly DeliveryPath[]): Promise<Undone>;
};
