import type OpenAI from 'openai';
import type {Endpoint} from '../transport/endpoint.ts';
import type {Fetch} from '../transport/fetch.ts';
import {longestTimerMs} from '../transport/request-watch.ts';

/**
 * The SDK with everything off that it would do, or read from the environment, by itself. Key and
 * headers are put on by the watched `fetch`.
 */
export async function createOpenAiClient(endpoint: Endpoint, fetch: Fetch): Promise<OpenAI> {
	const {default: OpenAiSdk} = await import('openai');
	return new OpenAiSdk({
		baseURL: endpoint.openAiUrl,
		apiKey: 'unused',
		adminAPIKey: null,
		organization: null,
		project: null,
		webhookSecret: null,
		fetch,
		maxRetries: 0,
		timeout: longestTimerMs,
		logLevel: 'off',
	});
}
