import {once} from 'node:events';
import {createServer, type RequestListener} from 'node:http';
import type {AddressInfo} from 'node:net';
import {onTestFinished} from 'vitest';
import {createFetch} from '../../../source/providers/transport/fetch.ts';
import type {Provider, ProviderSettings} from '../../../source/providers/provider.ts';
import {
	startModelServer,
	type ModelServer,
	type ModelServerOptions,
	type Script,
} from '../../helpers/model-server.ts';

/** The adapter of a server that ends with the test. */
export type Local = {readonly server: ModelServer; readonly provider: Provider};

type Create = (
	settings: ProviderSettings,
	dependencies: {readonly fetch: ReturnType<typeof createFetch>},
) => Provider;

/** Starts the scripted server and connects one adapter to it. */
export async function startLocal(
	create: Create,
	settings: ProviderSettings,
	script: Script,
	options?: ModelServerOptions,
): Promise<Local> {
	const server = await startModelServer(script, options);
	onTestFinished(async () => server.close());
	return {server, provider: create({...settings, baseUrl: server.url}, {fetch: createFetch()})};
}

/** A plain server for what the scripted one cannot do; its address. It ends with the test. */
export async function startPlainServer(answer: RequestListener): Promise<string> {
	const server = createServer(answer);
	onTestFinished(() => {
		server.close();
		server.closeAllConnections();
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An event stream of these chunks, with the end mark unless told otherwise. */
export function eventStream(chunks: readonly object[], end = 'data: [DONE]\n\n'): string {
	return chunks.map(chunk => `data: ${JSON.stringify(chunk)}\n\n`).join('') + end;
}
