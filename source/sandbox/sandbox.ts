/** How strongly a backend confines commands, in words that the screen always shows. */
export type Confinement = {
	readonly backend: string;
	/** Short, for a status line: `UNSANDBOXED` when nothing is confined. */
	readonly label: string;
	/** Whether commands are kept to their workspace and without network. */
	readonly confined: boolean;
};

export type CommandSpec = {
	/** One shell command line, run as it stands: `sh -c`. */
	readonly command: string;
	/** Where it runs: an absolute path, inside a workspace. */
	readonly directory: string;
	/** What the command sees of the environment, beside the few variables that are always passed. */
	readonly environment?: Readonly<Record<string, string>> | undefined;
	readonly timeoutMs: number;
	/** Bytes of output that are kept: the first and the last half of it. Default 64 KiB. */
	readonly maxOutputBytes?: number | undefined;
};

export type CommandResult = {
	/** `null` when it was ended by a signal, by us or by itself. */
	readonly exitCode: number | null;
	readonly endedBy: 'exit' | 'signal' | 'timeout' | 'abort' | 'output-limit';
	/** Standard output and standard error as they came, the middle left out and said so when long. */
	readonly output: string;
	/** Bytes that came in all. */
	readonly outputBytes: number;
	readonly durationMs: number;
};

/** Runs commands of agents and checks. Contract: the whole process tree has ended when `run` settles. */
export type Sandbox = {
	readonly confinement: Confinement;
	/** Rejects only when the command could not be started at all; everything else is a result. */
	run(
		spec: CommandSpec,
		options: {readonly signal: AbortSignal; readonly onOutput?: (text: string) => void},
	): Promise<CommandResult>;
	/** Ends what commands of an earlier, killed process of the same owner have left running. */
	endLeftovers(): Promise<void>;
};
