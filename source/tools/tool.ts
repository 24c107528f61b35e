import type {z} from 'zod';
import type {Json} from '../core/json.ts';
import type {CommandConfinement} from '../core/permission.ts';
import type {ToolEffect} from '../core/agent-events.ts';
import type {PathGuard} from '../sandbox/path-guard.ts';
import type {Sandbox} from '../sandbox/sandbox.ts';

/**
 * A file that a tool touched, with the SHA-256 (hex) of its content afterwards; `null`: no file.
 */
export type TouchedFile = {
	readonly path: string;
	readonly hash: string | null;
	readonly written: boolean;
};

export type ToolOutcome = {
	readonly ok: boolean;
	/** What the model is told. */
	readonly text: string;
	/** The full result if `text` is a part; the model can read the rest. */
	readonly whole?: string | undefined;
	/** Bytes missing in the middle of `whole` too, because the output was too large. */
	readonly lostBytes?: number | undefined;
	readonly files?: readonly TouchedFile[] | undefined;
};

/**
 * A validated call that has done nothing yet. The engine logs it, asks for permission if needed,
 * and only then calls `execute`.
 */
export type PreparedCall = {
	/** One line for people: `edit_file src/a.ts (+3 −1)`. Not sanitized. */
	readonly summary: string;
	/**
	 * For a write: the file's SHA-256 before and after, which lets a resumed run settle an
	 * interrupted write.
	 */
	readonly intent?:
		| {readonly path: string; readonly before: string | null; readonly after: string | null}
		| undefined;
	/** What a person has to allow, in full; absent if no permission is needed. */
	readonly permission?: {readonly detail: string; readonly reason: string} | undefined;
	/** For a command: how it will be confined. */
	readonly confinement?: CommandConfinement | undefined;
	execute(signal: AbortSignal): Promise<ToolOutcome>;
};

/** What the tools of one attempt share. */
export type ToolContext = {
	readonly files: PathGuard;
	readonly sandbox: Sandbox;
	/** The content hash of each path when the agent last read or wrote it. */
	readonly known: Map<string, string>;
	/** Time limit of one command, in ms. */
	readonly commandTimeoutMs: number;
	readonly sendMessage: (to: string, text: string) => Promise<string>;
	/** Maximum length of one result for the model, in characters. */
	readonly maxResult: () => number;
	/** A result that was shown in part, by the name that came with it. */
	readonly readResult: (name: string) => Promise<string | undefined>;
};

/**
 * A tool that agents can call. `prepare` throws `FailureError` (`bad-call`, `tool-failed`,
 * `denied`) for a call that cannot be made; its message goes back to the model as the result.
 */
export type Tool<Input = Json> = {
	readonly name: string;
	readonly description: string;
	/** Flat, with few optional fields, so that small models can fill it in. */
	readonly input: z.ZodType<Input>;
	/** A short, correct call, shown to a model whose arguments were wrong. */
	readonly example: Input;
	readonly effect: ToolEffect;
	prepare(input: Input, context: ToolContext): Promise<PreparedCall>;
};
