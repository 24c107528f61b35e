import {z} from 'zod';
import {approvalSubjectSchema, decisionSchema, verdictSchema} from './approval.ts';
import {changeSchema} from './change.ts';
import {usageSchema} from './chat.ts';
import {failureSchema} from './failure.ts';
import {jsonValueSchema} from './json.ts';
import {runReportSchema} from './run-report.ts';
import {confinementSchema} from './permission.ts';
import {modelTargetSchema, runSettingsSchema, teamSchema} from './settings.ts';

/** Text of an event: inline, or in a blob named by its SHA-256 if over 8 KiB. */
export const payloadSchema = z.union([
	z.string(),
	z.object({blob: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.number().int()}),
]);

export type Payload = z.infer<typeof payloadSchema>;

/** Payloads of more UTF-8 bytes are stored as blobs. */
export const inlinePayloadBytes = 8 * 1024;

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
const scope = {
	agent: z.string(),
	subtask: z.string().optional(),
	attempt: z.number().int().min(1).optional(),
};

const attemptScope = {subtask: z.string(), attempt: z.number().int().min(1)};

const outputs = z.record(z.string(), jsonValueSchema);

function event<Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) {
	return z.object({...envelope, type: z.literal(type), ...shape});
}

/** Id of the inbox file that the event answers. */
const receipt = {inbox: z.string().optional()};

const runEvents = [
	event('run-started', {
		task: payloadSchema,
		directory: z.string(),
		team: teamSchema,
		settings: runSettingsSchema,
		program: z.string(),
	}),
	/** `team`: the new team, if its models were changed. */
	event('run-resumed', {
		settings: runSettingsSchema,
		program: z.string(),
		team: teamSchema.optional(),
	}),
	event('run-paused', {reason: z.string(), ...receipt}),
	event('run-unpaused', {...receipt}),
	event('run-finished', {report: runReportSchema}),
	event('run-stopped', {report: runReportSchema}),
] as const;

const planEvents = [
	event('workspace-prepared', {
		kind: z.enum(['git', 'plain']),
		/** Snapshot commit of the original directory. */
		base: z.string(),
		files: z.number().int(),
		/** Paths of the snapshot, shortened, as shown to the lead. */
		overview: payloadSchema,
		/** `AGENTS.md` of the directory. */
		instructions: payloadSchema.optional(),
	}),
	event('planning-started', {revision: z.number().int()}),
	event('plan-refused', {
		revision: z.number().int(),
		try: z.number().int(),
		problems: z.array(z.string()),
	}),
	event('plan-proposed', {
		revision: z.number().int(),
		hash: z.string(),
		plan: payloadSchema,
		/**
		 * `fallback`: there was no valid plan, so a single subtask got the entire task, or the
		 * previous plan was kept; `person`: edited by the person.
		 */
		origin: z.enum(['lead', 'file', 'fallback', 'person']),
		...receipt,
	}),
	/** The lead makes the next revision once the running subtasks have ended; no new ones start. */
	event('revision-requested', {by: z.enum(['person']), reason: z.string()}),
	event('plan-judged', {
		revision: z.number().int(),
		hash: z.string(),
		verdicts: z.array(verdictSchema),
	}),
	event('approval-requested', {
		approval: z.string(),
		subject: approvalSubjectSchema,
		until: z.string().optional(),
	}),
	event('approval-decided', {
		approval: z.string(),
		...decisionSchema.shape,
		...receipt,
	}),
] as const;

const subtaskEvents = [
	event('subtasks-ready', {subtasks: z.array(z.string())}),
	/** `base`: the commit that the attempt's workspace starts from. */
	event('subtask-started', {
		...attemptScope,
		agent: z.string(),
		base: z.string(),
		/**
		 * What the attempt was told about its dependencies, if that could still change (`join:
		 * any`).
		 */
		dependencies: payloadSchema.optional(),
	}),
	/**
	 * The attempt was interrupted. It starts over under the next number and does not count as
	 * failed.
	 */
	event('attempt-restarted', {...attemptScope, reason: z.string()}),
	event('attempt-finished', {
		...attemptScope,
		agent: z.string(),
		change: changeSchema.nullable(),
		summary: z.string(),
		outputs,
	}),
	event('attempt-failed', {
		...attemptScope,
		agent: z.string(),
		failure: failureSchema,
		strategy: z.enum(['retry', 'give-up', 'ask']),
		delayMs: z.number().optional(),
		/**
		 * What a dependent or the next attempt is told: the diff and the tail of the checks'
		 * output.
		 */
		evidence: payloadSchema.optional(),
	}),
	event('check-started', {
		/** The agent whose work is checked; absent in final checks and older logs. */
		agent: z.string().optional(),
		subtask: z.string().optional(),
		attempt: z.number().int().optional(),
		/**
		 * Where it runs: in the attempt's workspace, on its merged result, or as a final check
		 * (`whole`).
		 */
		place: z.enum(['workspace', 'merged', 'whole']),
		check: z.string(),
		command: z.string(),
		/** How it was confined; absent in older logs. */
		confinement: confinementSchema.optional(),
	}),
	event('check-finished', {
		agent: z.string().optional(),
		subtask: z.string().optional(),
		attempt: z.number().int().optional(),
		place: z.enum(['workspace', 'merged', 'whole']),
		check: z.string(),
		passed: z.boolean(),
		exitCode: z.number().int().nullable(),
		durationMs: z.number(),
		output: payloadSchema,
	}),
	/** All checks of an attempt ran once; `report` is what the teammate is told. */
	event('verification-finished', {
		agent: z.string().optional(),
		...attemptScope,
		round: z.number().int().min(1),
		passed: z.boolean(),
		report: payloadSchema,
	}),
	event('merge-started', {...attemptScope, from: z.string(), to: z.string()}),
	event('merge-finished', {...attemptScope, head: z.string()}),
	event('merge-refused', {...attemptScope, paths: z.array(z.string())}),
	event('subtask-completed', {...attemptScope, summary: z.string(), outputs}),
	event('subtask-failed', {subtask: z.string(), failure: failureSchema}),
	event('subtask-skipped', {subtask: z.string(), reason: z.string()}),
	event('subtask-cancelled', {subtask: z.string(), reason: z.string(), ...receipt}),
	event('subtask-reopened', {subtask: z.string(), reason: z.string(), ...receipt}),
	event('cancel-requested', {subtask: z.string().optional(), ...receipt}),
] as const;

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

const agentEvents = [
	event('agent-started', {...scope, provider: z.string(), model: z.string()}),
	event('agent-finished', {...scope, reason: z.string(), turns: z.number().int()}),
	event('agent-waiting', {
		...scope,
		for: z.enum(waitReasons),
		detail: z.string().optional(),
		until: z.string().optional(),
	}),
	event('agent-resumed', {...scope}),
	event('model-call-started', {
		...scope,
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
	event('model-call-finished', {
		...scope,
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
	event('model-call-failed', {
		...scope,
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
	event('model-switched', {
		...scope,
		turn: z.number().int(),
		from: namedTargetSchema,
		to: namedTargetSchema,
		failure: failureSchema,
	}),
	/**
	 * An agent's conversation no longer fits its model's context: its older part is replaced by a
	 * digest and `state`, the state of the run. A higher level keeps less.
	 */
	event('context-compacted', {
		...scope,
		turn: z.number().int(),
		level: z.number().int().min(1),
		state: payloadSchema,
		/** Why: the size of the request, as far as known. */
		reason: z.string(),
		/** SHA-256 of the messages that were compacted. */
		conversation: z.string(),
	}),
	event('tool-call-started', {
		...scope,
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
	event('tool-call-finished', {
		...scope,
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
	event('turn-interrupted', {...scope, turn: z.number().int().min(1), ...receipt}),
	event('message-sent', {
		message: z.string(),
		from: z.string(),
		to: z.string(),
		text: payloadSchema,
		...receipt,
	}),
	event('message-delivered', {...scope, message: z.string(), turn: z.number().int()}),
	event('budget-warned', {
		tokens: z.number(),
		maxTokens: z.number().nullable(),
		usd: z.number().default(0),
		maxUsd: z.number().nullable().default(null),
	}),
	/** The new limits; `maxUsd` absent: unchanged. */
	event('budget-changed', {
		maxTokens: z.number().int().min(1).nullable(),
		maxUsd: z.number().positive().nullable().optional(),
		...receipt,
	}),
] as const;

export const deliveryPathSchema = z.object({
	path: z.string(),
	/** Git blob ids of the content; `null`: no file. */
	before: z.string().nullable(),
	after: z.string().nullable(),
});

const deliveryEvents = [
	event('delivery-started', {
		mode: z.enum(['apply', 'branch', 'patch']),
		head: z.string(),
		paths: z.array(deliveryPathSchema),
		reason: z.string().optional(),
	}),
	event('delivery-finished', {
		mode: z.enum(['apply', 'branch', 'patch']),
		files: z.array(z.string()),
		/** Name of the branch or path of the patch file, if the directory was left alone. */
		target: z.string().optional(),
	}),
	event('undo-started', {paths: z.array(deliveryPathSchema)}),
	event('undo-finished', {files: z.array(z.string()), kept: z.array(z.string())}),
	event('inbox-refused', {file: z.string(), problem: z.string()}),
] as const;

/**
 * Every event of the log. This schema validates on reading and yields the types and the published
 * JSON Schema.
 */
export const runEventSchema = z.discriminatedUnion('type', [
	...runEvents,
	...planEvents,
	...subtaskEvents,
	...agentEvents,
	...deliveryEvents,
]);

export type RunEvent = z.infer<typeof runEventSchema>;

export type RunEventType = RunEvent['type'];

type WithoutEnvelope<Event> = Event extends unknown
	? Omit<Event, 'v' | 'seq' | 'time' | 'run' | 'epoch'>
	: never;

/** An event as emitted, before the log assigns its position. */
export type RunEventBody = WithoutEnvelope<RunEvent>;

export type EventOf<Type extends RunEventType> = Extract<RunEvent, {type: Type}>;

export type DeliveryPath = z.infer<typeof deliveryPathSchema>;
