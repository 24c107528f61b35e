import type {Json} from '../core/json.ts';
import type {HttpProviderType} from './defaults.ts';
import type {Endpoint} from './endpoint.ts';

/** In what the servers of the chat completions protocol differ. */
export type Dialect = {
	readonly type: HttpProviderType;
	readonly maxTokens: 'max_tokens' | 'max_completion_tokens';
	readonly systemRole: 'system' | 'developer';
	/** Fields of that server only. */
	readonly extra: Readonly<Record<string, Json>>;
	/**
	 * Whether `length` before `maxOutputTokens` means that the context is full: llama.cpp ends so
	 * (measured), the vendor answers with an error instead.
	 */
	readonly lengthMeansFull: boolean;
};

/** The vendor itself has renamed two things that the servers which speak its protocol have not. */
export function dialectOf({type, isVendor}: Endpoint): Dialect {
	const isRenamed = type === 'openai' && isVendor;
	return {
		type,
		maxTokens: isRenamed ? 'max_completion_tokens' : 'max_tokens',
		systemRole: isRenamed ? 'developer' : 'system',
		extra: type === 'llama-server' ? {return_progress: true} : {},
		lengthMeansFull: type !== 'openai',
	};
}
