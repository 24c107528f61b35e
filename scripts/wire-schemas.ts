import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {format, resolveConfig} from 'prettier';
import generator from 'ts-json-schema-generator';
import {canonicalJson} from '../source/core/json.ts';

/*
 * Writes the JSON Schemas of the wire formats, derived from the types in the vendors' packages, one
 * file per interface. A test validates our requests, and the answers of the scripted server,
 * against them; run this again after updating a package.
 */
const root = path.join(import.meta.dirname, '..');
const packages = path.join(root, 'node_modules');
const folder = path.join(root, 'test', 'fixtures', 'wire');

const interfaces = [
	{
		name: 'openai-chat',
		from: 'openai',
		files: 'resources/{chat/completions/completions,shared}.d.ts',
		types: ['ChatCompletionCreateParamsStreaming', 'ChatCompletionChunk', 'ErrorObject'],
	},
	{
		name: 'openai-responses',
		from: 'openai',
		files: 'resources/responses/{responses,input-tokens}.d.ts',
		types: ['ResponseCreateParamsStreaming', 'InputTokenCountParams', 'ResponseStreamEvent'],
	},
	{
		name: 'anthropic',
		from: '@anthropic-ai/sdk',
		files: 'resources/{messages/messages,shared}.d.ts',
		types: [
			'MessageCreateParamsStreaming',
			'MessageCountTokensParams',
			'RawMessageStreamEvent',
			'ErrorResponse',
		],
	},
	{
		name: 'ollama',
		from: 'ollama',
		files: 'dist/browser.d.ts',
		types: ['ChatRequest', 'ChatResponse', 'ErrorResponse'],
	},
] as const;

await mkdir(folder, {recursive: true});
for (const {name, from, files, types} of interfaces) {
	const {definitions} = generator
		.createGenerator({
			path: path.join(packages, from, files),
			tsconfig: path.join(root, 'tsconfig.json'),
			expose: 'all',
			jsDoc: 'none',
			functions: 'hide',
			skipTypeCheck: true,
		})
		.createSchema([...types]);
	const file = path.join(folder, `${name}.json`);
	// Sorted keys, so that updates of a package change as few lines as possible.
	const text = canonicalJson({package: from, version: await versionOf(from), definitions});
	await writeFile(file, await format(text, {...(await resolveConfig(file)), filepath: file}));
}

async function versionOf(name: string): Promise<unknown> {
	const text = await readFile(path.join(packages, name, 'package.json'), 'utf8');
	return (JSON.parse(text) as {version: unknown}).version;
}
