import {z} from 'zod';
import {jsonValueSchema} from './json.ts';

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
	/** To an agent, to whoever works on a subtask, or to the lead: then it is about the plan. */
	z.object({type: z.literal('message'), to: z.string(), text: z.string().min(1).max(100_000)}),
	z.object({type: z.literal('cancel'), subtask: z.string().optional()}),
	z.object({type: z.literal('pause')}),
	z.object({type: z.literal('unpause')}),
	/** Puts an edited plan in place of the one that waits for a decision; it waits for its own. */
	z.object({type: z.literal('revise-plan'), plan: jsonValueSchema}),
	/** Ends the turn of an agent, which then waits for a message from the person. */
	z.object({type: z.literal('interrupt'), agent: z.string()}),
	/** Tries a failed, skipped or cancelled subtask again, and what was skipped because of it. */
	z.object({type: z.literal('retry'), subtask: z.string()}),
	/**
	 * Tokens and US dollars of the whole run: `null` for no limit, absent for what it is. Refused below
	 * what is spent.
	 */
	z
		.object({
			type: z.literal('set-budget'),
			maxTokens: z.number().int().min(1).nullable().optional(),
			maxUsd: z.number().positive().nullable().optional(),
		})
		.refine(({maxTokens, maxUsd}) => maxTokens !== undefined || maxUsd !== undefined),
]);

export type RunCommand = z.infer<typeof runCommandSchema>;
