/** The disk (or server) failed, or its data is damaged. Ends a run with the store's exit code. */
export class StoreError extends Error {
	override readonly name = 'StoreError';
	readonly kind: 'full' | 'io' | 'damaged' | 'missing' | 'superseded';
	/** What a person can do about it. */
	readonly hint: string | undefined;

	constructor(
		kind: StoreError['kind'],
		message: string,
		detail: {readonly hint?: string | undefined; readonly cause?: unknown} = {},
	) {
		super(message, detail.cause === undefined ? undefined : {cause: detail.cause});
		this.kind = kind;
		this.hint = detail.hint;
	}
}
