/** What is at a path of a workspace. */
export type Entry = {
	/** Relative to the workspace, with `/`. */
	readonly path: string;
	readonly kind: 'file' | 'directory' | 'other';
	/** Size of a file, in bytes. */
	readonly size?: number | undefined;
};

/**
 * Access to the files of one workspace only. Paths are relative to the workspace (absolute paths
 * inside it are accepted). Paths that lead outside, by `..`, by a link, or into `.git`, throw a
 * `FailureError` of kind `denied`; missing files and non-files one of kind `tool-failed`.
 */
export type PathGuard = {
	readonly root: string;
	/** The normalized path, relative to the workspace. */
	normalize(path: string): string;
	/**
	 * The content, or `undefined` if the file does not exist. At most `maxBytes` (default 10 MiB).
	 */
	readFile(path: string, maxBytes?: number): Promise<Buffer | undefined>;
	/**
	 * Replaces the file atomically (written next to it, then renamed), creating missing
	 * directories. Keeps its mode.
	 */
	writeFile(path: string, content: Buffer): Promise<void>;
	/** The direct entries of a directory, sorted by name. */
	listDirectory(path: string): Promise<readonly Entry[]>;
};
