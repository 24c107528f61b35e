/** In the order in which they are taken. */
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
	/** See `StreamOptions`. Defaults: 30 s, and 5 min for a server that first loads the model. */
	readonly idleMs?: number | undefined;
	readonly firstByteMs?: number | undefined;
	/** How a person names a model where the probe was asked for: `-m qwen3`. Default: the name alone. */
	readonly naming?: ((model: string) => string) | undefined;
};
