import {z} from 'zod';
import type {Tool} from './tool.ts';

const input = z.strictObject({
	to: z.string().min(1).describe('Name of a teammate, or id of a subtask that is not done'),
	text: z.string().min(1).max(8000).describe('What they need to know'),
});

/** The caller decides who may receive messages, and what is returned. */
export const sendMessage: Tool<z.infer<typeof input>> = {
	name: 'send_message',
	description:
		'Sends a short message to another agent of the team. It arrives between their tool calls; do not wait for an answer.',
	input,
	example: {to: 'teammate-2', text: 'The parser is in src/parse.ts.'},
	effect: 'message',
	prepare: async ({to, text}, context) => ({
		summary: `send_message to ${to}`,
		execute: async () => ({ok: true, text: await context.sendMessage(to, text)}),
	}),
};
