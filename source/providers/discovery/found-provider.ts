import type {HttpProviderType} from '../defaults.ts';
import type {Capabilities} from '../provider.ts';

/** A discovered model, with its capabilities as reported by the server. */
export type FoundModel = {
	readonly id: string;
	/** `undefined`: not reported by the server. */
	readonly loaded?: boolean | undefined;
	readonly tools: Capabilities['tools'];
	/** Tokens, like `Capabilities`; `null` if unknown. */
	readonly contextTokens: number | null;
};

export type FoundProvider = {
	readonly type: HttpProviderType;
	/** Its name, if it is a service with a name. */
	readonly service?: string | undefined;
	/**
	 * `key`: a key is set (vendors are not called to verify it); `up`, `loading`, `down`: a
	 * server's state.
	 */
	readonly state: 'key' | 'up' | 'loading' | 'unauthorized' | 'down' | 'no-key';
	/** What was found, and what to do about what is missing. */
	readonly detail: string;
	/** How to make it usable; absent if nothing is missing. */
	readonly hint?: string | undefined;
	/** Model names; `details` has the same models in the same order. */
	readonly models: readonly string[];
	readonly details: readonly FoundModel[];
};

/** What `--provider` calls it. */
export function nameOf({type, service}: Pick<FoundProvider, 'type' | 'service'>): string {
	return service ?? type;
}
