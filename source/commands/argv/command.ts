import type {Io} from '../process/io.ts';

/** A flag of a command; `isMultiple`: it can be repeated. */
export type Flag = {
	readonly type: 'string' | 'boolean';
	readonly shortFlag?: string;
	readonly isMultiple?: true;
};

export type FlagValues = Readonly<Record<string, unknown>>;

export type CommandInput = {
	/** Positional arguments. */
	readonly words: readonly string[];
	readonly flags: FlagValues;
};

/** A command. Its help is in `help.ts`, so that it can be shown without loading the command. */
export type Command = {
	readonly name: string;
	readonly flags: Readonly<Record<string, Flag>>;
	/** Number of positional arguments. */
	readonly words: {readonly min: number; readonly max: number};
	/** Returns the exit code. Throws `UsageError` for invalid usage. */
	run(input: CommandInput, io: Io): Promise<number>;
};
