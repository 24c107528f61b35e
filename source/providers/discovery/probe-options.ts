/** In order of execution. */
export const probeSteps = [
	'reach',
	'authenticate',
	'models',
	'capabilities',
	'answer',
	'tool-call',
	'structured',
] as const;

export type ProbeStepName = (typeof probeSteps)[number];

export type ProbeOptions = {
	readonly signal: AbortSignal;
	/** A monotonic clock in ms. */
	readonly now: () => number;
	/**
	 * See `StreamOptions`. Defaults: 30 s, and 5 min for a server that has to load the model first.
	 */
	readonly idleMs?: number | undefined;
	readonly firstByteMs?: number | undefined;
	/** The name of the service, if it has one: it has no default model. */
	readonly service?: string | undefined;
	/** Formats a model as a command-line option: `-m qwen3`. Default: the name alone. */
	readonly formatModel?: ((model: string) => string) | undefined;
};
