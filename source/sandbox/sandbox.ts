/** How strongly a backend confines commands, in words that the screen always shows. */
export type Confinement = {
	readonly backend: string;
	/** Short, for a status line: `UNSANDBOXED` if nothing is confined. */
	readonly label: string;
	/** Whether commands are restricted to their workspace and have no network. */
	readonly confined: boolean;
};

export type CommandSpec = {
	/** One shell command line, passed unchanged to `sh -c`. */
	readonly command: string;
	/** Working directory: an absolute path inside a workspace. */
	readonly directory: string;
	/** The only directory, besides a temporary one of its own, that a confined command can write to. */
	readonly writableRoot: string;
	/** Whether it needs the network; a command with network access does not count as confined. */
	readonly network: boolean;
	/** Environment variables, in addition to the few that are always passed. */
	readonly environment?: Readonly<Record<string, string>> | undefined;
	readonly timeoutMs: number;
	/** Bytes of output to keep: the beginning and the end. Default 64 KiB. */
	readonly maxOutputBytes?: number | undefined;
};

export type CommandResult = {
	/** `null` if it was ended by a signal, ours or another. */
	readonly exitCode: number | null;
	readonly endedBy: 'exit' | 'signal' | 'timeout' | 'abort' | 'output-limit';
	/**
	 * Standard output and standard error, interleaved; if long, with a note in place of the middle.
	 */
	readonly output: string;
	/** Total bytes received. */
	readonly outputBytes: number;
	readonly durationMs: number;
};

/**
 * Runs commands of agents and checks. Contract: the entire process tree has ended when `run`
 * settles.
 */
export type Sandbox = {
	readonly confinement: Confinement;
	/** Rejects only if the command could not be started; everything else is a result. */
	run(
		spec: CommandSpec,
		options: {readonly signal: AbortSignal; readonly onOutput?: (text: string) => void},
	): Promise<CommandResult>;
	/** Ends commands left running by an earlier, killed process of the same owner. */
	killLeftovers(): Promise<void>;
};
