import type {ChatRequest, Message} from '../../../source/core/chat.ts';

/** A conversation with everything in it, also calls of another provider and broken arguments. */
export const history: readonly Message[] = [
	{role: 'user', text: 'Look into a.txt.'},
	{
		role: 'assistant',
		origin: {provider: 'elsewhere', model: 'other'},
		parts: [
			{kind: 'thinking', text: 'Hm.', opaque: {signature: 'of another'}},
			{kind: 'text', text: 'I look.'},
			{
				kind: 'tool-call',
				id: 'id-1',
				name: 'read',
				argumentsText: '{"path":"a.txt"}',
				arguments: {path: 'a.txt'},
			},
			{kind: 'tool-call', id: 'id-2', name: 'list', argumentsText: '{"path": '},
		],
	},
	{role: 'tool', callId: 'id-1', name: 'read', text: 'forty-two', isError: false},
	{role: 'tool', callId: 'id-2', name: 'list', text: 'not JSON', isError: true},
	{role: 'assistant', origin: {provider: 'elsewhere', model: 'other'}, parts: []},
	{role: 'user', text: 'And?'},
];

export const tools = [
	{
		name: 'read',
		description: 'Reads a file.',
		input: {type: 'object', properties: {path: {type: 'string'}}, required: ['path']},
	},
	{name: 'list', description: 'Lists files.', input: {type: 'object', properties: {}}},
] as const;

export const schema = {
	type: 'object',
	properties: {city: {type: 'string'}},
	required: ['city'],
	additionalProperties: false,
} as const;

export function request(fields: Partial<ChatRequest> = {}): ChatRequest {
	return {
		model: 'test-model',
		system: 'Be brief.',
		messages: [{role: 'user', text: 'Hello.'}],
		maxOutputTokens: 256,
		...fields,
	};
}
