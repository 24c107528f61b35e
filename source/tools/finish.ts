import {z} from 'zod';
import type {Tool} from './tool.ts';

const input = z.strictObject({
	summary: z.string().min(1).describe('What was done, in a few sentences'),
	outputs: z
		.record(z.string(), z.json())
		.optional()
		.describe('Values for the subtasks after this one, by name, as asked for'),
});

export type FinishInput = z.infer<typeof input>;

/** Only signals that the agent is done; the agent loop decides what follows. */
export const finish: Tool<FinishInput> = {
	name: 'finish',
	description:
		'Says that the subtask is done. The checks run then; if one fails, you get its output and go on.',
	input,
	example: {summary: 'The parser reads empty lines.'},
	effect: 'finish',
	prepare: async ({summary}) => ({
		summary: `finish: ${summary.split('\n')[0] ?? ''}`,
		execute: async () => ({ok: true, text: 'Finished.'}),
	}),
};
