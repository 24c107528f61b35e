import {z} from 'zod';

/**
 * What another process (or a view of this one) may ask of a run. Commands travel as one JSON file
 * each through the inbox; their receipt is an event that carries the file's id.
 */
export const runCommandSchema = z.discriminatedUnion('type', [
	z.object({
		type: z.literal('decide'),
		approval: z.string(),
		decision: z.enum(['approve', 'reject']),
		scope: z.enum(['once', 'always']).default('once'),
		feedback: z.string().max(100_000).optional(),
	}),
	z.object({type: z.literal('message'), to: z.string(), text: z.string().min(1).max(100_000)}),
	z.object({type: z.literal('cancel'), subtask: z.string().optional()}),
	z.object({type: z.literal('pause')}),
	z.object({type: z.literal('unpause')}),
]);

export type RunCommand = z.infer<typeof runCommandSchema>;
