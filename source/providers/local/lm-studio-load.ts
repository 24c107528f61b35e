import {z} from 'zod';
import {parseJson} from '../../core/json.ts';
import type {Ask} from '../transport/ask.ts';
import {classifyUnexpectedBody, classifyThrown} from '../failures/classify.ts';
import {watchRequest} from '../transport/request-watch.ts';

/**
 * Loads a model and waits until it is in memory, which may take minutes. Returns the identifier to
 * use in calls. https://lmstudio.ai/docs/developer/rest/load
 *
 * @param patienceMs longest time to load, in ms
 */
export async function loadModel(
	{fetch, endpoint, signal}: Ask,
	model: string,
	contextTokens: number,
	patienceMs: number,
): Promise<string> {
	const limits = {signal, idleMs: patienceMs, firstByteMs: patienceMs};
	const watch = watchRequest(fetch, endpoint, limits);
	try {
		const response = await watch.fetch(`${endpoint.url}/api/v1/models/load`, {
			method: 'POST',
			headers: {'content-type': 'application/json'},
			body: JSON.stringify({model, context_length: contextTokens}),
		});
		const text = await response.text();
		const loaded = loadedSchema.safeParse(parseJson(text));
		if (!loaded.success) {
			throw classifyUnexpectedBody(endpoint, text);
		}

		return loaded.data.instance_id ?? loaded.data.model_instance_id ?? model;
	} catch (error) {
		throw watch.failure() ?? classifyThrown(endpoint, error);
	} finally {
		watch.close();
	}
}

/** The identifier's name in early versions was different. */
const loadedSchema = z.object({
	status: z.string(),
	instance_id: z.string().nullish(),
	model_instance_id: z.string().nullish(),
});
