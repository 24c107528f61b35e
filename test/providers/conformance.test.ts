import {createAnthropicProvider} from '../../source/providers/anthropic/adapter.ts';
import {createLlamaServerProvider} from '../../source/providers/local/llama-server.ts';
import {createLmStudioProvider} from '../../source/providers/local/lm-studio.ts';
import {createOllamaProvider} from '../../source/providers/ollama/adapter.ts';
import {createOpenAiProvider} from '../../source/providers/openai/adapter.ts';
import {describeProvider} from '../conformance/provider.ts';
import type {ProviderTraits} from '../conformance/provider-context.ts';

describeProvider({
	type: 'anthropic',
	create: createAnthropicProvider,
	wireMessages: [
		{role: 'user', content: [{type: 'text', text: 'Look into a.txt.'}]},
		{
			role: 'assistant',
			content: [
				{type: 'text', text: 'I look.'},
				{type: 'tool_use', id: 'id-1', name: 'read', input: {path: 'a.txt'}},
				{type: 'tool_use', id: 'id-2', name: 'list', input: {}},
			],
		},
		{
			role: 'user',
			content: [
				{type: 'tool_result', tool_use_id: 'id-1', content: 'forty-two', is_error: false},
				{type: 'tool_result', tool_use_id: 'id-2', content: 'not JSON', is_error: true},
				{type: 'text', text: 'And?'},
			],
		},
	],
	schemaIn: body => pick(body, 'output_config', 'format', 'schema'),
	wireThought: {type: 'thinking', thinking: 'It is in a.txt.', signature: 'signed-0'},
	cacheRead: 30,
	keyVariable: 'ANTHROPIC_API_KEY',
	startHint: 'start the server, or check the address http:',
	missingModelHint: /test-provider anthropic/,
	known: {contextTokens: 8192, tools: 'native'},
	counts: true,
	overflow: {
		type: 'error',
		error: {type: 'invalid_request_error', message: 'prompt is too long: 9 tokens > 8 maximum'},
	},
});

const openAiLike: Omit<
	ProviderTraits,
	'type' | 'create' | 'keyVariable' | 'startHint' | 'missingModelHint' | 'overflow'
> = {
	known: {contextTokens: 8192, tools: 'native'},
	counts: false,
	wireMessages: [
		{role: 'user', content: 'Look into a.txt.'},
		{
			role: 'assistant',
			content: 'I look.',
			tool_calls: [
				{
					id: '62bGI1cvi',
					type: 'function',
					function: {name: 'read', arguments: '{"path":"a.txt"}'},
				},
				{id: '1dWxyA6UT', type: 'function', function: {name: 'list', arguments: '{}'}},
			],
		},
		{role: 'tool', tool_call_id: '62bGI1cvi', content: 'forty-two'},
		{role: 'tool', tool_call_id: '1dWxyA6UT', content: 'not JSON'},
		{role: 'assistant', content: 'Understood.'},
		{role: 'user', content: 'And?'},
	],
	schemaIn: body => pick(body, 'response_format', 'json_schema', 'schema'),
	wireThought: {reasoning_content: 'It is in a.txt.'},
	cacheRead: 30,
};

const openAi = {
	type: 'openai',
	create: createOpenAiProvider,
	keyVariable: 'OPENAI_API_KEY',
	startHint: 'start the server, or check the address http:',
	missingModelHint: /test-provider openai/,
	overflow: {error: {message: 'Too long.', code: 'context_length_exceeded'}},
} as const;

describeProvider({...openAiLike, ...openAi, known: {contextTokens: null, tools: 'unknown'}});

describeProvider({
	...openAi,
	address: 'https://api.openai.com',
	startHint: 'check the network connection and the base URL',
	wireMessages: [
		{role: 'user', content: 'Look into a.txt.'},
		{role: 'assistant', content: 'I look.'},
		{type: 'function_call', call_id: 'id-1', name: 'read', arguments: '{"path":"a.txt"}'},
		{type: 'function_call', call_id: 'id-2', name: 'list', arguments: '{}'},
		{type: 'function_call_output', call_id: 'id-1', output: 'forty-two'},
		{type: 'function_call_output', call_id: 'id-2', output: 'not JSON'},
		{role: 'user', content: 'And?'},
	],
	schemaIn: body => pick(body, 'text', 'format', 'schema'),
	wireThought: {
		type: 'reasoning',
		summary: [{type: 'summary_text', text: 'It is in a.txt.'}],
		encrypted_content: 'encrypted-0',
	},
	cacheRead: 30,
	known: {contextTokens: null, tools: 'native'},
	counts: true,
});

describeProvider({
	...openAiLike,
	type: 'lmstudio',
	create: createLmStudioProvider,
	keyVariable: 'LM_API_TOKEN',
	startHint: 'run: lms server start, or check the address http:',
	missingModelHint: /^run: lms load test-model$/,
	overflow: {
		error:
			'The number of tokens to keep from the initial prompt is greater than the context length.',
	},
});

describeProvider({
	...openAiLike,
	type: 'llama-server',
	counts: true,
	create: createLlamaServerProvider,
	keyVariable: 'LLAMA_API_KEY',
	startHint: 'run: llama-server --jinja -m <model.gguf>, or check the address http:',
	missingModelHint: /^start llama-server with test-model$/,
	overflow: {
		error: {
			code: 400,
			message: 'request (20011 tokens) exceeds the available context size (4096 tokens)',
			type: 'exceed_context_size_error',
		},
	},
});

describeProvider({
	type: 'ollama',
	create: createOllamaProvider,
	wireMessages: [
		{role: 'user', content: 'Look into a.txt.'},
		{
			role: 'assistant',
			content: 'I look.',
			tool_calls: [
				{id: '62bGI1cvi', function: {name: 'read', arguments: {path: 'a.txt'}}},
				{id: '1dWxyA6UT', function: {name: 'list', arguments: {}}},
			],
		},
		{role: 'tool', tool_name: 'read', tool_call_id: '62bGI1cvi', content: 'forty-two'},
		{role: 'tool', tool_name: 'list', tool_call_id: '1dWxyA6UT', content: 'not JSON'},
		{role: 'assistant', content: 'Understood.'},
		{role: 'user', content: 'And?'},
	],
	schemaIn: body => body['format'],
	wireThought: {thinking: 'It is in a.txt.'},
	cacheRead: null,
	keyVariable: 'OLLAMA_API_KEY',
	startHint: 'run: ollama serve, or check the address http:',
	missingModelHint: /^run: ollama pull test-model$/,
	known: {contextTokens: 8192, tools: 'native'},
	counts: false,
	overflow: {error: 'the prompt is longer than the context length currently available'},
});

function pick(value: unknown, ...path: readonly string[]): unknown {
	return path.reduce<unknown>(
		(inner, key) =>
			typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined,
		value,
	);
}
