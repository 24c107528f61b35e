import {readdirSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {z} from 'zod';
import type {ChatRequest, Message} from '../../source/core/chat.ts';
import {createLlamaServerProvider} from '../../source/providers/local/llama-server.ts';
import {createFetch} from '../../source/providers/transport/fetch.ts';
import {missingProgram, startRealServer} from './real-server.ts';

/*
 * Conversations that strict chat templates refuse, rendered by a real llama-server. What it makes of them is
 * in `rendered/`, to be read when something changes. TEMPLATES may name a folder with more templates, which
 * only have to accept the conversations.
 */
const own = path.join(import.meta.dirname, 'templates');
const more = process.env['TEMPLATES'];
const folders = more === undefined ? [own] : [own, more];
const templates = folders.flatMap(folder =>
	readdirSync(folder)
		.filter(name => name.endsWith('.jinja'))
		.map(name => [path.basename(name, '.jinja'), folder] as const),
);

const user = (text: string): Message => ({role: 'user', text});
const answer = (text: string, ...ids: readonly string[]): Message => ({
	role: 'assistant',
	origin: {provider: 'llama-server', model: 'm'},
	parts: [
		...(text === '' ? [] : [{kind: 'text' as const, text}]),
		...ids.map(id => ({
			kind: 'tool-call' as const,
			id,
			name: 'read',
			argumentsText: '{"path":"a"}',
			arguments: {path: 'a'},
		})),
	],
});
const result = (callId: string): Message => ({
	role: 'tool',
	callId,
	name: 'read',
	text: '42',
	isError: false,
});
const conversations: Readonly<Record<string, readonly Message[]>> = {
	'two messages of the person': [user('Go.'), user('Now.')],
	'an empty answer': [user('Go.'), answer(''), user('Now.')],
	'two answers': [user('Go.'), answer('One.'), answer('Two.'), user('Now.')],
	'a message after a result': [
		user('Go.'),
		answer('', 'call_1_0'),
		result('call_1_0'),
		user('Wait.'),
	],
	'two calls': [
		user('Go.'),
		answer('', 'call_1_0', 'call_1_1'),
		result('call_1_0'),
		result('call_1_1'),
	],
	'a call of another provider': [
		user('Go.'),
		answer('I look.', 'toolu_01ABCDEFGHIJK'),
		result('toolu_01ABCDEFGHIJK'),
	],
};
const tools: NonNullable<ChatRequest['tools']> = [
	{
		name: 'read',
		description: 'Reads a file.',
		input: {type: 'object', properties: {path: {type: 'string'}}, required: ['path']},
	},
];

describe.skipIf(missingProgram !== undefined)(`templates (${missingProgram ?? 'real'})`, () => {
	test.each(templates)('%s accepts every conversation', async (name, folder) => {
		const template = path.join(folder, `${name}.jinja`);
		const {url} = await startRealServer({template, contextTokens: 4_096, slots: 1});
		const sent: string[] = [];
		const fetch = createFetch();
		const provider = createLlamaServerProvider(
			{type: 'llama-server', baseUrl: url},
			{
				fetch: async (input, init) => {
					if (typeof init?.body === 'string' && init.body.includes('"messages"')) {
						sent.push(init.body);
					}

					return fetch(input, init);
				},
			},
		);
		const {signal} = new AbortController();
		const {tools: canCall} = await provider.capabilities('m', {signal});
		for (const [what, messages] of Object.entries(conversations)) {
			if (canCall !== 'native' && messages.some(({role}) => role === 'tool')) {
				continue;
			}

			const request = {
				model: 'm',
				system: 'Be brief.',
				messages,
				maxOutputTokens: 4,
				...(canCall === 'native' ? {tools} : {}),
			};
			for await (const event of provider.stream(request, {
				signal,
				idleMs: 60_000,
				firstByteMs: 60_000,
				retry: 0,
			})) {
				expect(event.type).toBeDefined();
			}

			if (folder === own) {
				const {prompt} = z
					.object({prompt: z.string()})
					.parse(
						await (
							await fetch(`${url}/apply-template`, {method: 'POST', body: sent.at(-1) ?? ''})
						).json(),
					);
				const file = path.join('rendered', name, `${what.replaceAll(' ', '-')}.txt`);
				await expect(prompt).toMatchFileSnapshot(file);
			}
		}
	});
});
