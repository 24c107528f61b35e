/** What is at a path of a workspace. */
export type Entry = {
	/** Relative to the workspace, with `/`. */
	readonly path: string;
	readonly kind: 'file' | 'directory' | 'other';
	/** Bytes, of a file. */
	readonly size?: number | undefined;
};

/**
 * The files of one workspace, and no others. Paths are given relative to the workspace (an absolute
 * path inside it is accepted). What leads outside, by `..`, by a link, or into `.git`, throws a
 * `FailureError` of kind `denied`; what is missing or no file, of kind `tool-failed`.
 */
export type PathGuard = {
	readonly root: string;
	/** The path relative to the workspace in its one normal form. */
	normalize(path: string): string;
	/** The content, or `undefined` when there is no file. At most `maxBytes` (default 10 MiB). */
	readFile(path: string, maxBytes?: number): Promise<Buffer | undefined>;
	/** Replaces the file as a whole (written beside it, then renamed); makes missing directories. Keeps its mode. */
	writeFile(path: string, content: Buffer): Promise<void>;
	/** The entries directly in a directory, sorted by name. */
	listDirectory(path: string): Promise<readonly Entry[]>;
};
