import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createServer} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import {onTestFinished} from 'vitest';

/** A model server that the person has: a llama-server to start, or a running Ollama. */
export type RealServer = {
	readonly provider: 'llama-server' | 'ollama';
	readonly url: string;
	readonly model: string;
};

export type ServerOptions = {
	/** Tokens for each slot. Default: 8192. */
	readonly contextTokens?: number;
	/** Default: 2. */
	readonly slots?: number;
	/** File of a chat template. Default: the one in the model's file. */
	readonly template?: string;
};

const {LLAMA_SERVER: program, MODEL: model, OLLAMA_HOST: ollama} = process.env;

/** Why no real model can be asked; `undefined` if one can. */
export const missing =
	model === undefined || (program === undefined && ollama === undefined)
		? 'set LLAMA_SERVER to a llama-server and MODEL to a .gguf file, or OLLAMA_HOST to a running Ollama and MODEL to a model that it has'
		: undefined;

/** Why no server can be started with options of its own; `undefined` if one can. */
export const missingProgram =
	model === undefined || program === undefined
		? 'set LLAMA_SERVER to a llama-server and MODEL to a .gguf file'
		: undefined;

/** Starts a llama-server, which ends with the test, or gives the Ollama that runs. */
export async function startRealServer(options: ServerOptions = {}): Promise<RealServer> {
	if (program === undefined || model === undefined) {
		return {provider: 'ollama', url: ollama ?? '', model: model ?? ''};
	}

	const {contextTokens = 8_192, slots = 2, template} = options;
	const port = await freePort();
	const words = ['-m', model, '--host', '127.0.0.1', '--port', String(port), '--jinja'];
	const sizes = ['-c', String(contextTokens * slots), '-np', String(slots)];
	const chat = template === undefined ? [] : ['--chat-template-file', template];
	const child = spawn(program, [...words, ...sizes, ...chat], {stdio: 'ignore'});
	const ended = once(child, 'exit');
	onTestFinished(async () => {
		child.kill('SIGKILL');
		await ended;
	});
	const url = `http://127.0.0.1:${port}`;
	while (child.exitCode === null && !(await isUp(url))) {
		await sleep(200);
	}

	if (child.exitCode !== null) {
		throw new Error(`${program} ended with ${child.exitCode} before it served ${model}`);
	}

	return {provider: 'llama-server', url, model};
}

async function isUp(url: string): Promise<boolean> {
	return fetch(`${url}/health`).then(
		({ok}) => ok,
		() => false,
	);
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	server.close();
	return typeof address === 'object' && address !== null ? address.port : 0;
}
