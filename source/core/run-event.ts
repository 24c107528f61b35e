import {z} from 'zod';
import {approvalSubjectSchema, decisionSchema, verdictSchema} from './approval.ts';
import {changeSchema} from './change.ts';
import {usageSchema} from './chat.ts';
import {failureSchema} from './failure.ts';
import {jsonValueSchema} from './json.ts';
import {runReportSchema} from './run-report.ts';
import {modelTargetSchema, runSettingsSchema, teamSchema} from './settings.ts';

/** Text of an event: in place, or in a blob named by its SHA-256 when it is over 8 KiB. */
export const payloadSchema = z.union([
	z.string(),
	z.object({blob: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.number().int()}),
]);

export type Payload = z.infer<typeof payloadSchema>;

/** Payloads of more UTF-8 bytes than this are kept as blobs. */
export const inlinePayloadBytes = 8 * 1024;

const envelope = {
	/** Version of the format. */
	v: z.literal(1),
	/** Place in the log, dense from 1. */
	seq: z.number().int().min(1),
	/** Wall clock, ISO 8601 with milliseconds. Durations are measured elsewhere. */
	time: z.string(),
	run: z.string(),
	/** Which writer wrote it: grows with every takeover. */
	epoch: z.number().int().min(1),
};

/** Whose event it is: an agent, and the attempt it works on (the lead plans without one). */
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

/** The id of the inbox file that an event answers. */
const receipt = {inbox: z.string().optional()};

const runEvents = [
	event('run-started', {
		task: payloadSchema,
		directory: z.string(),
		team: teamSchema,
		settings: runSettingsSchema,
		program: z.string(),
	}),
	/** `team`: as it is from now on, where its models were changed. */
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
		/** Snapshot commit of the directory as it was. */
		base: z.string(),
		files: z.number().int(),
		/** Paths of the snapshot, shortened, as the lead is shown them. */
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
		 * `fallback`: no valid plan came, so one subtask has the whole task, or the plan before stays as it
		 * is; `person`: edited by the person.
		 */
		origin: z.enum(['lead', 'file', 'fallback', 'person']),
		...receipt,
	}),
	/** The lead makes the next revision when the subtasks under way have ended; none starts any more. */
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
		/** What the attempt is told of its dependencies, where that could still change (`join: any`). */
		dependencies: payloadSchema.optional(),
	}),
	/** The attempt was interrupted; it starts over under the next number and does not count as failed. */
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
		/** What a dependant or the next attempt is told: the diff and the end of the checks. */
		evidence: payloadSchema.optional(),
	}),
	event('check-started', {
		/** Whose work is checked; absent in the final checks and in older logs. */
		agent: z.string().optional(),
		subtask: z.string().optional(),
		attempt: z.number().int().optional(),
		/** Where it ran: in the attempt's workspace, on the merged result of it, or on the whole. */
		place: z.enum(['workspace', 'merged', 'whole']),
		check: z.string(),
		command: z.string(),
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
	/** All checks of an attempt have run once; `report` is what the teammate is told. */
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
 * Why an agent waits. `approval`: a person has to allow what it wants to do; `decision`: a person has
 * to decide on its plan; `message`: the person interrupted its turn and has to say how to go on.
 */
export type WaitReason = (typeof waitReasons)[number];

/** What a tool does to the world; decides on order, permission, and what happens after a crash. */
export const toolEffects = ['read', 'write', 'command', 'message', 'finish'] as const;

export type ToolEffect = (typeof toolEffects)[number];

const target = modelTargetSchema.pick({provider: true, model: true, baseUrl: true});

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
		/** Tokens held back from the budget until the call ends. */
		reserved: z.number().int(),
		/** The same in US dollars, where the price is known. */
		reservedUsd: z.number().optional(),
		provider: z.string().optional(),
		/** The model that is asked. */
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
		/** US dollars; absent: no price is known. */
		usd: z.number().optional(),
		durationMs: z.number(),
		/** First line of what the model said, for people. */
		said: z.string().optional(),
	}),
	event('model-call-failed', {
		...scope,
		call: z.string(),
		failure: failureSchema,
		/** Which try of this call failed, from 1. */
		try: z.number().int(),
		/** Wait before the next try; absent when there is none. */
		retryInMs: z.number().optional(),
		/** SHA-256 of the request. */
		request: z.string().optional(),
		model: z.string().optional(),
		/** What was used before it failed, by our estimate where the server did not say; absent: nothing. */
		usage: usageSchema.optional(),
		usd: z.number().optional(),
	}),
	/** The provider of an agent failed for good: it goes on with the next one of its list. */
	event('model-switched', {
		...scope,
		turn: z.number().int(),
		from: target,
		to: target,
		failure: failureSchema,
	}),
	/**
	 * The conversation of an agent no longer fits into the context of its model: what is old in it gives
	 * way to a digest and to `state`, where the run stands. The higher the level, the less is kept.
	 */
	event('context-compacted', {
		...scope,
		turn: z.number().int(),
		level: z.number().int().min(1),
		state: payloadSchema,
		/** Why: what the request would have taken, as far as that is known. */
		reason: z.string(),
		/** SHA-256 of the messages that were made shorter. */
		conversation: z.string(),
	}),
	event('tool-call-started', {
		...scope,
		call: z.string(),
		tool: z.string(),
		/** The model printed the call as text; it was read from there. */
		recovered: z.boolean().optional(),
		effect: z.enum(toolEffects),
		summary: z.string(),
		/** For a write: SHA-256 of the file before and after, `null` for no file. */
		intent: z
			.object({path: z.string(), before: z.string().nullable(), after: z.string().nullable()})
			.optional(),
	}),
	event('tool-call-finished', {
		...scope,
		call: z.string(),
		ok: z.boolean(),
		result: payloadSchema,
		durationMs: z.number(),
		/** The whole result, when the agent was shown a part; it may read the rest under this name. */
		whole: z.object({name: z.string(), text: payloadSchema}).optional(),
		/** The person ended its turn before it came to its end. */
		interrupted: z.boolean().optional(),
		/** Files that were read or written, with the SHA-256 of their content afterwards. */
		files: z
			.array(z.object({path: z.string(), hash: z.string().nullable(), written: z.boolean()}))
			.optional(),
	}),
	/**
	 * The person ended the turn of an agent, and nothing else: the call under way fails as `cancelled`,
	 * a command is ended, and the agent waits for a message from the person.
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
	/** The limits as they are from now on; `maxUsd` absent: as before. */
	event('budget-changed', {
		maxTokens: z.number().int().min(1).nullable(),
		maxUsd: z.number().positive().nullable().optional(),
		...receipt,
	}),
] as const;

const deliveryPath = z.object({
	path: z.string(),
	/** Git blob ids of the content, `null` for no file. */
	before: z.string().nullable(),
	after: z.string().nullable(),
});

const deliveryEvents = [
	event('delivery-started', {
		mode: z.enum(['apply', 'branch', 'patch']),
		head: z.string(),
		paths: z.array(deliveryPath),
		reason: z.string().optional(),
	}),
	event('delivery-finished', {
		mode: z.enum(['apply', 'branch', 'patch']),
		files: z.array(z.string()),
		/** Name of the branch or path of the patch file, when the directory was left alone. */
		target: z.string().optional(),
	}),
	event('undo-started', {paths: z.array(deliveryPath)}),
	event('undo-finished', {files: z.array(z.string()), kept: z.array(z.string())}),
	event('inbox-refused', {file: z.string(), problem: z.string()}),
] as const;

/** Every event of the log. One schema gives the check on reading, the types and the published JSON Schema. */
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

/** An event as a room emits it, before the log gives it its place. */
export type RunEventBody = WithoutEnvelope<RunEvent>;

export type EventOf<Type extends RunEventType> = Extract<RunEvent, {type: Type}>;

export type DeliveryPath = z.infer<typeof deliveryPath>;
