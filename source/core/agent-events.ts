import {z} from 'zod';
import {usageSchema} from './chat.ts';
import {agentScope, eventSchema, receipt} from './event-shape.ts';
import {failureSchema} from './failure.ts';
import {payloadSchema} from './payload.ts';
import {confinementSchema} from './permission.ts';
import {modelTargetSchema} from './settings.ts';

export const waitReasons = [
	'command',
	'approval',
	'rate-limit',
	'retry',
	'slot',
	'budget',
	'server-loading',
	'decision',
	'paused',
	'message',
] as const;

/**
 * Why an agent waits. `approval`: for permission to make a call; `decision`: for a decision on its
 * plan; `message`: its turn was interrupted, so it waits for the person's message.
 */
export type WaitReason = (typeof waitReasons)[number];

/** A tool's side effect; determines ordering, permissions and crash recovery. */
export const toolEffects = ['read', 'write', 'command', 'message', 'finish'] as const;

export type ToolEffect = (typeof toolEffects)[number];

export const namedTargetSchema = modelTargetSchema.pick({
	provider: true,
	model: true,
	baseUrl: true,
});

export const agentEvents = [
	eventSchema('agent-started', {...agentScope, provider: z.string(), model: z.string()}),
	eventSchema('agent-finished', {...agentScope, reason: z.string(), turns: z.number().int()}),
	eventSchema('agent-waiting', {
		...agentScope,
		for: z.enum(waitReasons),
		detail: z.string().optional(),
		until: z.string().optional(),
	}),
	eventSchema('agent-resumed', {...agentScope}),
	eventSchema('model-call-started', {
		...agentScope,
		call: z.string(),
		turn: z.number().int(),
		/** SHA-256 of the canonical request: an equal request is never paid for twice. */
		request: z.string(),
		/** Tokens reserved from the budget until the call ends. */
		reserved: z.number().int(),
		/** Reserved US dollars, if the price is known. */
		reservedUsd: z.number().optional(),
		provider: z.string().optional(),
		/** The requested model. */
		model: z.string().optional(),
	}),
	eventSchema('model-call-finished', {
		...agentScope,
		call: z.string(),
		request: z.string(),
		/** The model, as the server names it. */
		model: z.string(),
		answer: payloadSchema,
		stopReason: z.string(),
		usage: usageSchema,
		/** US dollars; absent: no known price. */
		usd: z.number().optional(),
		durationMs: z.number(),
		/** First line of the model's text, for people. */
		said: z.string().optional(),
	}),
	eventSchema('model-call-failed', {
		...agentScope,
		call: z.string(),
		failure: failureSchema,
		/** Which try of this call failed, from 1. */
		try: z.number().int(),
		/** Wait before the next try; absent: no more tries. */
		retryInMs: z.number().optional(),
		/** SHA-256 of the request. */
		request: z.string().optional(),
		model: z.string().optional(),
		/** Usage before the failure, estimated if the server did not report it; absent: none. */
		usage: usageSchema.optional(),
		usd: z.number().optional(),
	}),
	/** The agent's provider failed permanently; the agent continues with its next fallback. */
	eventSchema('model-switched', {
		...agentScope,
		turn: z.number().int(),
		from: namedTargetSchema,
		to: namedTargetSchema,
		failure: failureSchema,
	}),
	/**
	 * An agent's conversation no longer fits its model's context: its older part is replaced by a
	 * digest and `state`, the state of the run. A higher level keeps less.
	 */
	eventSchema('context-compacted', {
		...agentScope,
		turn: z.number().int(),
		level: z.number().int().min(1),
		state: payloadSchema,
		/** Why: the size of the request, as far as known. */
		reason: z.string(),
		/** SHA-256 of the messages that were compacted. */
		conversation: z.string(),
	}),
	eventSchema('tool-call-started', {
		...agentScope,
		call: z.string(),
		tool: z.string(),
		/** Parsed from the model's text. */
		recovered: z.boolean().optional(),
		effect: z.enum(toolEffects),
		summary: z.string(),
		/** For a write: SHA-256 of the file before and after; `null`: no file. */
		intent: z
			.object({path: z.string(), before: z.string().nullable(), after: z.string().nullable()})
			.optional(),
		/** For a command: how it was confined; absent in older logs. */
		confinement: confinementSchema.optional(),
	}),
	eventSchema('tool-call-finished', {
		...agentScope,
		call: z.string(),
		ok: z.boolean(),
		result: payloadSchema,
		durationMs: z.number(),
		/**
		 * The full result, if the agent was shown only part; it can read the rest under this name.
		 */
		whole: z.object({name: z.string(), text: payloadSchema}).optional(),
		/** The person ended the turn before the call finished. */
		interrupted: z.boolean().optional(),
		/** Files read or written, with the SHA-256 of their content afterwards. */
		files: z
			.array(z.object({path: z.string(), hash: z.string().nullable(), written: z.boolean()}))
			.optional(),
	}),
	/**
	 * The person ended an agent's turn: its model call fails as `cancelled`, its command is killed,
	 * and the agent waits for a message from the person.
	 */
	eventSchema('turn-interrupted', {...agentScope, turn: z.number().int().min(1), ...receipt}),
	eventSchema('message-sent', {
		message: z.string(),
		from: z.string(),
		to: z.string(),
		text: payloadSchema,
		...receipt,
	}),
	eventSchema('message-delivered', {...agentScope, message: z.string(), turn: z.number().int()}),
	eventSchema('budget-warned', {
		tokens: z.number(),
		maxTokens: z.number().nullable(),
		usd: z.number().default(0),
		maxUsd: z.number().nullable().default(null),
	}),
	/** The new limits; `maxUsd` absent: unchanged. */
	eventSchema('budget-changed', {
		maxTokens: z.number().int().min(1).nullable(),
		maxUsd: z.number().positive().nullable().optional(),
		...receipt,
	}),
] as const;
