import {z} from 'zod';
import {agentEvents} from './agent-events.ts';
import {approvalSubjectSchema, decisionSchema, verdictSchema} from './approval.ts';
import {changeSchema} from './change.ts';
import {attemptScope, eventSchema, outputsSchema, receipt} from './event-shape.ts';
import {failureSchema} from './failure.ts';
import {payloadSchema} from './payload.ts';
import {runReportSchema} from './run-report.ts';
import {confinementSchema} from './permission.ts';
import {runSettingsSchema, teamSchema} from './settings.ts';

const runEvents = [
	eventSchema('run-started', {
		task: payloadSchema,
		directory: z.string(),
		team: teamSchema,
		settings: runSettingsSchema,
		program: z.string(),
	}),
	/** `team`: the new team, if its models were changed. */
	eventSchema('run-resumed', {
		settings: runSettingsSchema,
		program: z.string(),
		team: teamSchema.optional(),
	}),
	eventSchema('run-paused', {reason: z.string(), ...receipt}),
	eventSchema('run-unpaused', {...receipt}),
	eventSchema('run-finished', {report: runReportSchema}),
	eventSchema('run-stopped', {report: runReportSchema}),
] as const;

const planEvents = [
	eventSchema('workspace-prepared', {
		kind: z.enum(['git', 'plain']),
		/** Snapshot commit of the original directory. */
		base: z.string(),
		files: z.number().int(),
		/** Paths of the snapshot, shortened, as shown to the lead. */
		overview: payloadSchema,
		/** `AGENTS.md` of the directory. */
		instructions: payloadSchema.optional(),
	}),
	eventSchema('planning-started', {revision: z.number().int()}),
	eventSchema('plan-refused', {
		revision: z.number().int(),
		try: z.number().int(),
		problems: z.array(z.string()),
	}),
	eventSchema('plan-proposed', {
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
	eventSchema('revision-requested', {by: z.enum(['person']), reason: z.string()}),
	eventSchema('plan-judged', {
		revision: z.number().int(),
		hash: z.string(),
		verdicts: z.array(verdictSchema),
	}),
	eventSchema('approval-requested', {
		approval: z.string(),
		subject: approvalSubjectSchema,
		until: z.string().optional(),
	}),
	eventSchema('approval-decided', {
		approval: z.string(),
		...decisionSchema.shape,
		...receipt,
	}),
] as const;

const subtaskEvents = [
	eventSchema('subtasks-ready', {subtasks: z.array(z.string())}),
	/** `base`: the commit that the attempt's workspace starts from. */
	eventSchema('subtask-started', {
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
	eventSchema('attempt-restarted', {...attemptScope, reason: z.string()}),
	eventSchema('attempt-finished', {
		...attemptScope,
		agent: z.string(),
		change: changeSchema.nullable(),
		summary: z.string(),
		outputs: outputsSchema,
	}),
	eventSchema('attempt-failed', {
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
	eventSchema('check-started', {
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
	eventSchema('check-finished', {
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
	eventSchema('verification-finished', {
		agent: z.string().optional(),
		...attemptScope,
		round: z.number().int().min(1),
		passed: z.boolean(),
		report: payloadSchema,
	}),
	eventSchema('merge-started', {...attemptScope, from: z.string(), to: z.string()}),
	eventSchema('merge-finished', {...attemptScope, head: z.string()}),
	eventSchema('merge-refused', {...attemptScope, paths: z.array(z.string())}),
	eventSchema('subtask-completed', {...attemptScope, summary: z.string(), outputs: outputsSchema}),
	eventSchema('subtask-failed', {subtask: z.string(), failure: failureSchema}),
	eventSchema('subtask-skipped', {subtask: z.string(), reason: z.string()}),
	eventSchema('subtask-cancelled', {subtask: z.string(), reason: z.string(), ...receipt}),
	eventSchema('subtask-reopened', {subtask: z.string(), reason: z.string(), ...receipt}),
	eventSchema('cancel-requested', {subtask: z.string().optional(), ...receipt}),
] as const;

export const deliveryPathSchema = z.object({
	path: z.string(),
	/** Git blob ids of the content; `null`: no file. */
	before: z.string().nullable(),
	after: z.string().nullable(),
});

const deliveryEvents = [
	eventSchema('delivery-started', {
		mode: z.enum(['apply', 'branch', 'patch']),
		head: z.string(),
		paths: z.array(deliveryPathSchema),
		reason: z.string().optional(),
	}),
	eventSchema('delivery-finished', {
		mode: z.enum(['apply', 'branch', 'patch']),
		files: z.array(z.string()),
		/** Name of the branch or path of the patch file, if the directory was left alone. */
		target: z.string().optional(),
	}),
	eventSchema('undo-started', {paths: z.array(deliveryPathSchema)}),
	eventSchema('undo-finished', {files: z.array(z.string()), kept: z.array(z.string())}),
	eventSchema('inbox-refused', {file: z.string(), problem: z.string()}),
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
