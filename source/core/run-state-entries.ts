import {z} from 'zod';
import {namedTargetSchema, waitReasons} from './agent-events.ts';
import {approvalSubjectSchema, decisionSchema, verdictSchema} from './approval.ts';
import {changeSchema} from './change.ts';
import {failureKinds, failureSchema} from './failure.ts';
import {jsonValueSchema} from './json.ts';
import {payloadSchema} from './payload.ts';
import {planSchema} from './plan.ts';
import {deliveryPathSchema} from './run-event.ts';
import {tokenCountSchema} from './run-report.ts';

export const runStatuses = [
	'planning',
	'awaiting-approval',
	'running',
	'paused',
	'stopped',
	'completed',
	'failed',
	'rejected',
	'cancelled',
] as const;

export type RunStatus = (typeof runStatuses)[number];

export const subtaskStatuses = [
	'pending',
	'ready',
	'running',
	'awaiting-approval',
	'verifying',
	'merging',
	'completed',
	'failed',
	'skipped',
	'cancelled',
] as const;

export type SubtaskStatus = (typeof subtaskStatuses)[number];

export const checkStateSchema = z
	.object({
		name: z.string(),
		command: z.string(),
		/** Absent while it runs. */
		passed: z.boolean().optional(),
		exitCode: z.number().int().nullable(),
		durationMs: z.number(),
		output: payloadSchema,
	})
	.readonly();

export type CheckState = z.infer<typeof checkStateSchema>;

export const subtaskStateSchema = z
	.object({
		id: z.string(),
		status: z.enum(subtaskStatuses),
		/** Number of the last attempt; 0 before the first. */
		attempt: z.number().int(),
		/** Attempts that count as failed. */
		failedAttempts: z.number().int(),
		agent: z.string().optional(),
		summary: z.string().optional(),
		outputs: z.record(z.string(), jsonValueSchema),
		/** Checks of the last attempt. */
		checks: z.array(checkStateSchema).readonly(),
		failure: failureSchema.optional(),
		evidence: payloadSchema.optional(),
		/** Why it was skipped or cancelled. */
		reason: z.string().optional(),
		/** The verified change of the last attempt, until it is merged. */
		finished: z
			.object({attempt: z.number().int(), change: changeSchema.nullable(), merged: z.boolean()})
			.optional(),
		/** Commit that the last attempt started from. */
		base: z.string().optional(),
		/** What the last attempt was told about its dependencies, if that was logged. */
		dependencies: payloadSchema.optional(),
		/** Whether the next attempt repeats the interrupted one from the same base. */
		startsOver: z.boolean(),
		/** A started merge: from which head to which. */
		merge: z.object({from: z.string(), to: z.string()}).optional(),
		/** ISO time of its first attempt's start. */
		startedAt: z.string().optional(),
		/** ISO time at which it became final. */
		endedAt: z.string().optional(),
		/** The run's active time when the first attempt started, ms. */
		startedActiveMs: z.number().optional(),
		/** The run's active time when it became final, ms. */
		endedActiveMs: z.number().optional(),
		/** Usage of all its attempts. */
		usage: tokenCountSchema,
	})
	.readonly();

export type SubtaskState = z.infer<typeof subtaskStateSchema>;

/** `verifying`: its subtask's checks are running; `detail` is the current command. */
const agentActivities = ['idle', 'thinking', 'calling', 'verifying', 'waiting'] as const;

export const agentStateSchema = z
	.object({
		name: z.string(),
		provider: z.string(),
		model: z.string(),
		activity: z.enum(agentActivities),
		/** What it does or waits for, in the events' words. */
		detail: z.string().optional(),
		waitsFor: z.enum(waitReasons).optional(),
		until: z.string().optional(),
		/** ISO time at which its current activity started; absent before the first. */
		since: z.string().optional(),
		subtask: z.string().optional(),
		attempt: z.number().int().optional(),
		turns: z.number().int(),
		usage: tokenCountSchema,
	})
	.readonly();

export type AgentState = z.infer<typeof agentStateSchema>;

export const approvalStateSchema = z
	.object({
		id: z.string(),
		subject: approvalSubjectSchema,
		until: z.string().optional(),
		/** Absent while it is open. */
		decision: decisionSchema.optional(),
		/** Whether the requesting turn was interrupted, so that no decision is needed. */
		withdrawn: z.boolean(),
	})
	.readonly();

export type ApprovalState = z.infer<typeof approvalStateSchema>;

export const messageStateSchema = z
	.object({
		id: z.string(),
		from: z.string(),
		to: z.string(),
		text: payloadSchema,
		delivered: z.boolean(),
	})
	.readonly();

export type MessageState = z.infer<typeof messageStateSchema>;

export const planStateSchema = z
	.object({
		revision: z.number().int(),
		hash: z.string(),
		plan: planSchema,
		origin: z.enum(['lead', 'file', 'fallback', 'person']),
		verdicts: z.array(verdictSchema).readonly(),
		approved: z.boolean(),
	})
	.readonly();

export type PlanState = z.infer<typeof planStateSchema>;

export const workspaceStateSchema = z
	.object({
		kind: z.enum(['git', 'plain']),
		base: z.string(),
		files: z.number().int(),
		overview: payloadSchema,
		instructions: payloadSchema.optional(),
	})
	.readonly();

export const deliveryStateSchema = z
	.object({
		mode: z.enum(['apply', 'branch', 'patch']),
		head: z.string(),
		paths: z.array(deliveryPathSchema).readonly(),
		reason: z.string().optional(),
		done: z.boolean(),
		files: z.array(z.string()).readonly(),
		target: z.string().optional(),
		/** Whether all of it was undone. */
		undone: z.boolean(),
		/** Files that undo left alone because they were changed after the delivery. */
		kept: z.array(z.string()).readonly(),
	})
	.readonly();

export const modelSwitchSchema = z
	.object({
		agent: z.string(),
		from: namedTargetSchema,
		to: namedTargetSchema,
		/** The reason of the latest switch. */
		kind: z.enum(failureKinds),
		times: z.number().int(),
	})
	.readonly();

/** An agent's switch to the next of its models. */
export type ModelSwitch = z.infer<typeof modelSwitchSchema>;

export const deniedSchema = z.object({
	agent: z.string().optional(),
	subtask: z.string().optional(),
	what: z.string(),
	by: z.string(),
});

export const reservedSchema = z.object({tokens: z.number(), usd: z.number()}).readonly();

/** Tokens and US dollars. */
export type Reserved = z.infer<typeof reservedSchema>;
