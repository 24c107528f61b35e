import type OpenAI from 'openai';
import type {Endpoint} from '../transport/endpoint.ts';
import type {Fetch} from '../transport/fetch.ts';
import {maxTimerMs} from '../transport/request-watch.ts';

/**
 * The SDK with everything disabled that it would do, or read from the environment, by itself. The
 * watched `fetch` adds key and headers.
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
		timeout: maxTimerMs,
		logLevel: 'off',
	});
}
