import {z} from 'zod';
import {classifyOddBody, classifyThrown, isStranger} from '../failures/classify.ts';
import {parseJson} from '../../core/json.ts';
import type {Endpoint} from './endpoint.ts';
import type {Fetch} from './fetch.ts';
import {maxBodyBytes} from './limits.ts';
import {ProviderError, type Health} from '../provider.ts';
import {watchRequest} from './request-watch.ts';
import {textOf} from './wire.ts';

/** Longest silence of a server that is asked about itself, in ms. */
const askTimeoutMs = 15_000;

/** Longest time of the whole answer, which is short, in ms. */
const wholeAnswerMs = 30_000;

export type Ask = {
	readonly fetch: Fetch;
	readonly endpoint: Endpoint;
	readonly signal: AbortSignal;
};

/** Asks a server about itself and reads the answer as the schema says. */
export async function askJson<Value>(
	{fetch, endpoint, signal}: Ask,
	schema: z.ZodType<Value>,
	send: (fetch: Fetch) => Promise<Response>,
): Promise<Value> {
	const limits = {
		signal,
		idleMs: askTimeoutMs,
		firstByteMs: askTimeoutMs,
		wordlessMs: wholeAnswerMs,
	};
	const watch = watchRequest(fetch, endpoint, 'json', limits);
	try {
		const text = await textOf((await send(watch.fetch)).body, maxBodyBytes);
		const parsed = schema.safeParse(parseJson(text));
		if (!parsed.success) {
			throw classifyOddBody(endpoint, text);
		}

		return parsed.data;
	} catch (error) {
		throw watch.failure() ?? classifyThrown(endpoint, error);
	} finally {
		watch.close();
	}
}

/** `askJson` with a plain request: GET, or POST when there is a body. */
export async function getJson<Value>(
	ask: Ask,
	path: string,
	schema: z.ZodType<Value>,
	body?: Readonly<Record<string, unknown>>,
): Promise<Value> {
	const {url} = ask.endpoint;
	return askJson(ask, schema, fetch =>
		fetch(url + path, {
			headers: {'content-type': 'application/json'},
			...(body === undefined ? {} : {method: 'POST', body: JSON.stringify(body)}),
		}),
	);
}

/** The value of a question that not every server of its kind knows; `undefined` for the others. */
export async function ifKnown<Value>(question: Promise<Value>): Promise<Value | undefined> {
	try {
		return await question;
	} catch (error) {
		if (isStranger(error) || (error instanceof ProviderError && error.kind === 'bad-request')) {
			return undefined;
		}

		throw error;
	}
}

/** What the outcome of a cheap request says about a server. `question` resolves to its version. */
export async function healthFrom(question: Promise<string | undefined>): Promise<Health> {
	try {
		return {state: 'up', version: await question};
	} catch (error) {
		if (!(error instanceof ProviderError) || error.kind === 'cancelled') {
			throw error;
		}

		const {kind, status, message, hint = 'try again in a moment'} = error;
		if (kind === 'server-loading') {
			return {state: 'loading'};
		}

		return {state: kind === 'auth' ? 'unauthorized' : 'down', kind, status, message, hint};
	}
}

/** `GET /v1/models`, alike for Anthropic, OpenAI and all servers of its protocol. */
export const modelListSchema = z.object({data: z.array(z.object({id: z.string()}))});
