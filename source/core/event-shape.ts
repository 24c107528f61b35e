import {z} from 'zod';
import {jsonValueSchema} from './json.ts';

const envelope = {
	/** Format version. */
	v: z.literal(1),
	/** Position in the log, dense from 1. */
	seq: z.number().int().min(1),
	/** Wall clock, ISO 8601 with milliseconds. Not for measuring durations. */
	time: z.string(),
	run: z.string(),
	/** The writer's epoch; grows with every takeover. */
	epoch: z.number().int().min(1),
};

/** The agent, and the attempt it works on. The lead has no attempt. */
export const agentScope = {
	agent: z.string(),
	subtask: z.string().optional(),
	attempt: z.number().int().min(1).optional(),
};

export const attemptScope = {subtask: z.string(), attempt: z.number().int().min(1)};

export const outputsSchema = z.record(z.string(), jsonValueSchema);

/** The schema of one type of event. */
export function eventSchema<Type extends string, Shape extends z.ZodRawShape>(
	type: Type,
	shape: Shape,
) {
	return z.object({...envelope, type: z.literal(type), ...shape});
}

/** Id of the inbox file that the event answers. */
export const receipt = {inbox: z.string().optional()};
