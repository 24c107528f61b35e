import type {z} from 'zod';
import type {Json} from '../core/json.ts';
import type {ToolEffect} from '../core/run-event.ts';
import type {PathGuard} from '../sandbox/path-guard.ts';
import type {Sandbox} from '../sandbox/sandbox.ts';

/** A file that a tool touched, with the SHA-256 (hex) of its content afterwards; `null`: no file. */
export type TouchedFile = {
	readonly path: string;
	readonly hash: string | null;
	readonly written: boolean;
};

export type ToolOutcome = {
	readonly ok: boolean;
	/** What the model is told. */
	readonly text: string;
	/** All of it, where `text` is a part: the model can read the rest. */
	readonly whole?: string | undefined;
	/** Bytes that are missing in the middle of the whole too, as there were too many to keep. */
	readonly lostBytes?: number | undefined;
	readonly files?: readonly TouchedFile[] | undefined;
};

/**
 * A call that is understood and checked, and has done nothing yet. The engine logs it, asks for
 * permission where needed, and only then lets it `execute`.
 */
export type PreparedCall = {
	/** One line for people: `edit_file src/a.ts (+3 −1)`. Not sanitized. */
	readonly summary: string;
	/** Of a write: the file's SHA-256 before and after. Lets a crash be settled by looking. */
	readonly intent?:
		| {readonly path: string; readonly before: string | null; readonly after: string | null}
		| undefined;
	/** What a person would have to allow, whole; absent when nothing needs allowing. */
	readonly permission?: {readonly detail: string; readonly reason: string} | undefined;
	execute(signal: AbortSignal): Promise<ToolOutcome>;
};

/** What the tools of one attempt share. */
export type ToolContext = {
	readonly files: PathGuard;
	readonly sandbox: Sandbox;
	/** The content hash under which the agent last read or wrote each path. */
	readonly known: Map<string, string>;
	/** Longest time of one command, in ms. */
	readonly commandTimeoutMs: number;
	readonly sendMessage: (to: string, text: string) => Promise<string>;
	/** Characters of one result that the model can take. */
	readonly maxResult: () => number;
	/** A result that was shown in part, by the name that was given with it. */
	readonly readResult: (name: string) => Promise<string | undefined>;
};

/**
 * A tool that agents may call. `prepare` throws `FailureError` (`bad-call`, `tool-failed`, `denied`)
 * for a call that cannot be done; its message goes back to the model as the result.
 */
export type Tool<Input = Json> = {
	readonly name: string;
	readonly description: string;
	/** Flat, with few optional fields: small models fill it in. */
	readonly input: z.ZodType<Input>;
	/** A right call, short: what a model is shown whose arguments were wrong. */
	readonly example: Input;
	readonly effect: ToolEffect;
	prepare(input: Input, context: ToolContext): Promise<PreparedCall>;
};
