import type {z} from 'zod';
import {classifyUnexpectedBody, classifyThrown, isWrongServer} from '../failures/classify.ts';
import {parseJson} from '../../core/json.ts';
import type {Endpoint} from './endpoint.ts';
import type {Fetch} from './fetch.ts';
import {maxBodyBytes} from './limits.ts';
import {ProviderError, type Health} from '../provider.ts';
import {watchRequest} from './request-watch.ts';
import {readText} from './wire.ts';

/** Longest silence of a server in response to a metadata request, in ms. */
const askTimeoutMs = 15_000;

/** Time limit of the entire response, which is short, in ms. */
const responseMs = 30_000;

export type Ask = {
	readonly fetch: Fetch;
	readonly endpoint: Endpoint;
	readonly signal: AbortSignal;
};

/** Requests metadata from a server and parses it by the schema. */
export async function askJson<Value>(
	{fetch, endpoint, signal}: Ask,
	schema: z.ZodType<Value>,
	send: (fetch: Fetch) => Promise<Response>,
): Promise<Value> {
	const limits = {
		signal,
		idleMs: askTimeoutMs,
		firstByteMs: askTimeoutMs,
		noContentMs: responseMs,
	};
	const watch = watchRequest(fetch, endpoint, limits);
	try {
		const text = await readText((await send(watch.fetch)).body, maxBodyBytes);
		const parsed = schema.safeParse(parseJson(text));
		if (!parsed.success) {
			throw classifyUnexpectedBody(endpoint, text);
		}

		return parsed.data;
	} catch (error) {
		throw watch.failure() ?? classifyThrown(endpoint, error);
	} finally {
		watch.close();
	}
}

/** `askJson` with a plain request: POST if there is a body, otherwise GET. */
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

/** The result of a request that not every such server supports; `undefined` if unsupported. */
export async function ifSupported<Value>(question: Promise<Value>): Promise<Value | undefined> {
	try {
		return await question;
	} catch (error) {
		if (isWrongServer(error) || (error instanceof ProviderError && error.kind === 'bad-request')) {
			return undefined;
		}

		throw error;
	}
}

/** Derives a server's health from a cheap request. `question` resolves to its version. */
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
