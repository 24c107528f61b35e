import type {Io} from '../process/io.ts';

/** A flag of a command; `isMultiple`: it may be given more than once. */
export type Flag = {
	readonly type: 'string' | 'boolean';
	readonly shortFlag?: string;
	readonly isMultiple?: true;
};

export type FlagValues = Readonly<Record<string, unknown>>;

export type CommandInput = {
	/** What stands on the command line beside flags. */
	readonly words: readonly string[];
	readonly flags: FlagValues;
};

/** A command of the program. Its help stands in `help.ts`, so that it can be shown without loading this. */
export type Command = {
	readonly name: string;
	readonly flags: Readonly<Record<string, Flag>>;
	/** How many words it takes. */
	readonly words: {readonly min: number; readonly max: number};
	/** Returns the exit code. Throws `UsageError` for wrong calls. */
	run(input: CommandInput, io: Io): Promise<number>;
};
