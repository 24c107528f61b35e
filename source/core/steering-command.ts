import {z} from 'zod';
import {jsonValueSchema} from './json.ts';

/**
 * What another process, or a view of this one, can request of a run. Each command travels through
 * the inbox as one JSON file; its receipt is an event that carries the file's id.
 */
export const steeringCommandSchema = z.discriminatedUnion('type', [
	z.object({
		type: z.literal('decide'),
		approval: z.string(),
		decision: z.enum(['approve', 'reject']),
		scope: z.enum(['once', 'always']).default('once'),
		feedback: z.string().max(100_000).optional(),
	}),
	/**
	 * `to`: an agent, a subtask (its agent receives it), or the lead, which treats it as feedback on the
	 * plan.
	 */
	z.object({type: z.literal('message'), to: z.string(), text: z.string().min(1).max(100_000)}),
	z.object({type: z.literal('cancel'), subtask: z.string().optional()}),
	z.object({type: z.literal('pause')}),
	z.object({type: z.literal('unpause')}),
	/**
	 * Replaces the plan that awaits a decision with an edited one, which needs its own decision.
	 */
	z.object({type: z.literal('revise-plan'), plan: jsonValueSchema}),
	/** Ends an agent's turn; the agent then waits for a message from the person. */
	z.object({type: z.literal('interrupt'), agent: z.string()}),
	/** Retries a failed, skipped or cancelled subtask, and the subtasks skipped because of it. */
	z.object({type: z.literal('retry'), subtask: z.string()}),
	/**
	 * Limits of the entire run, in tokens and US dollars. `null`: no limit; absent: unchanged.
	 * Refused below what is already spent.
	 */
	z
		.object({
			type: z.literal('set-budget'),
			maxTokens: z.number().int().min(1).nullable().optional(),
			maxUsd: z.number().positive().nullable().optional(),
		})
		.refine(({maxTokens, maxUsd}) => maxTokens !== undefined || maxUsd !== undefined),
]);

export type SteeringCommand = z.infer<typeof steeringCommandSchema>;
