import {createHash} from 'node:crypto';
import {z} from 'zod';
import {canonicalJson, jsonValueSchema} from './json.ts';

export const subtaskIdPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

const subtaskId = z
	.string()
	.regex(subtaskIdPattern, 'expected a short id of letters, digits, "-" and "_"');

/**
 * When a dependency lets its dependent start: by its final status, or by a predicate on the outputs
 * of a completed subtask. `checks.<name>` are measured by the harness; all other outputs are the
 * agent's claims.
 */
export const conditionSchema = z.union([
	z.enum(['success', 'failure', 'completion']),
	z.strictObject({output: z.string().min(1), equals: jsonValueSchema}),
	z.strictObject({output: z.string().min(1), exists: z.boolean()}),
]);

export type Condition = z.infer<typeof conditionSchema>;

const fullDependencySchema = z.strictObject({
	subtask: subtaskId,
	when: conditionSchema.default('success'),
});

export const dependencySchema = z.union([
	subtaskId.transform(subtask => ({subtask, when: 'success' as Condition})),
	fullDependencySchema,
]);

/** An edge of the plan: the subtask waits for `subtask`, and starts only if `when` holds. */
export type Dependency = z.infer<typeof dependencySchema>;

const fullCheckSchema = z.strictObject({
	name: z.string().min(1),
	command: z.string().trim().min(1),
});

/** A command that must exit with 0; the harness runs it in the subtask's workspace. */
export const checkSchema = z.union([
	z
		.string()
		.trim()
		.min(1)
		.transform(command => ({name: command, command})),
	fullCheckSchema,
]);

export type Check = z.infer<typeof checkSchema>;

export const subtaskSchema = z.strictObject({
	id: subtaskId,
	title: z.string().min(1),
	/** The teammate's complete instructions. */
	instructions: z.string().min(1),
	dependsOn: z.array(dependencySchema).default([]),
	/** `all`: every dependency must hold; `any`: one is enough. */
	join: z.enum(['all', 'any']).default('all'),
	/** Path prefixes or globs that the subtask intends to write; empty: unknown. */
	writes: z.array(z.string().min(1)).default([]),
	checks: z.array(checkSchema).default([]),
	/** Names of the values that the teammate reports when it finishes. */
	outputs: z.array(z.string().min(1)).default([]),
	/** Expected minutes of work, for ordering the ready queue. */
	estimate: z.number().positive().max(10_000).default(1),
	/** Attempts before the subtask fails; absent: the run's setting. */
	maxAttempts: z.number().int().min(1).max(10).optional(),
});

export type Subtask = z.infer<typeof subtaskSchema>;

export const planSchema = z.strictObject({
	summary: z.string().default(''),
	subtasks: z.array(subtaskSchema).min(1, 'a plan needs at least one subtask').max(5_000),
	/** Final checks, run on the merged result before delivery. */
	checks: z.array(checkSchema).default([]),
});

/** A typed graph of subtasks. People, files and models can use the short forms of `PlanInput`. */
export type Plan = z.infer<typeof planSchema>;
export type PlanInput = z.input<typeof planSchema>;

const fullSubtaskSchema = z
	.object({
		...subtaskSchema.shape,
		dependsOn: z.array(z.object({subtask: subtaskId, when: conditionSchema})),
		join: subtaskSchema.shape.join.unwrap(),
		writes: subtaskSchema.shape.writes.unwrap(),
		checks: z.array(fullCheckSchema),
		outputs: subtaskSchema.shape.outputs.unwrap(),
		estimate: subtaskSchema.shape.estimate.unwrap().describe('Expected minutes of work.'),
	})
	.meta({id: 'Subtask', description: 'A node of the graph.'});

/** A plan without short forms and defaults, as it is printed. */
export const fullPlanSchema = z
	.object({
		summary: z.string(),
		subtasks: z.array(fullSubtaskSchema),
		checks: z.array(fullCheckSchema).describe('Run on the merged result before delivery.'),
	})
	.meta({id: 'Plan', description: 'A graph of subtasks.'});

/** SHA-256 (hex) of the plan's content: what a decision refers to. */
export function planHash(plan: Plan): string {
	return createHash('sha256').update(canonicalJson(plan)).digest('hex');
}
