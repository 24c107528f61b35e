/**
 * A wrong call or configuration: one sentence (what, where, why) and the next step. Exit code 2.
 */
export class UsageError extends Error {
	override readonly name = 'UsageError';
	readonly hint: string | undefined;

	constructor(message: string, hint?: string, cause?: unknown) {
		super(message, cause === undefined ? undefined : {cause});
		this.hint = hint;
	}
}
