import type {IncomingHttpHeaders} from 'node:http';
import {isJsonObject, type Json, type JsonObject} from '../../../source/core/json.ts';
import type {ModelRequest, Protocol} from './reply.ts';

const protocols: Readonly<Record<string, Protocol>> = {
	'/v1/messages': 'anthropic',
	'/v1/chat/completions': 'openai',
	'/v1/responses': 'responses',
	'/api/chat': 'ollama',
};

/** The protocol of a path that asks for an answer. */
export function protocolOf(path: string): Protocol | undefined {
	return protocols[path];
}

/** What a script wants to know of a request, from the shapes of all protocols. */
export function readRequest(
	protocol: Protocol,
	path: string,
	headers: IncomingHttpHeaders,
	body: JsonObject,
): Omit<ModelRequest, 'ordinal' | 'disconnected'> {
	const messages = listOf(body['messages'] ?? body['input']);
	return {
		protocol,
		path,
		headers: Object.fromEntries(
			Object.entries(headers).map(([name, value]) => [name, value?.toString()]),
		),
		body,
		model: nameIn(body['model']),
		prompt: [body['system'] ?? body['instructions'], ...messages].map(textIn).join('\n'),
		lastMessage: textIn(messages.at(-1)),
		tools: listOf(body['tools']).map(tool =>
			nameIn(at(tool, 'name') ?? at(tool, 'function', 'name')),
		),
		schema: [
			at(body, 'output_config', 'format', 'schema'),
			at(body, 'response_format', 'json_schema', 'schema'),
			at(body, 'text', 'format', 'schema'),
			at(body, 'format'),
		].find(isJsonObject),
	};
}

/** Every string under `text`, `content`, `output` and `thinking`, however deep. */
function textIn(value: Json | undefined): string {
	if (typeof value === 'string') {
		return value;
	}

	if (Array.isArray(value)) {
		return value.map(textIn).join('\n');
	}

	if (!isJsonObject(value)) {
		return '';
	}

	return ['text', 'content', 'output', 'thinking']
		.map(key => textIn(value[key]))
		.filter(text => text !== '')
		.join('\n');
}

function nameIn(value: Json | undefined): string {
	return typeof value === 'string' ? value : '';
}

function listOf(value: Json | undefined): readonly Json[] {
	return Array.isArray(value) ? value : [];
}

function at(value: Json | undefined, ...path: readonly string[]): Json | undefined {
	return path.reduce<Json | undefined>(
		(inner, key) => (isJsonObject(inner) ? inner[key] : undefined),
		value,
	);
}
