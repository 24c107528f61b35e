import {z} from 'zod';
import {approvalSubjectSchema, decisionSchema, verdictSchema} from './approval.ts';
import {changeSchema} from './change.ts';
import {failureKinds, failureSchema} from './failure.ts';
import {jsonValueSchema} from './json.ts';
import {planSchema} from './plan.ts';
import {deliveryPathSchema, namedTargetSchema, payloadSchema, waitReasons} from './run-event.ts';
import {runReportSchema, tokenCountSchema} from './run-report.ts';
import {
	agentActivities,
	emptyRunState,
	pendingSubtask,
	planOrigins,
	runStatuses,
	subtaskStatuses,
	type RunState,
} from './run-state.ts';
import {runSettingsSchema, teamSchema} from './settings.ts';

const checkStateSchema = z.object({
	name: z.string(),
	command: z.string(),
	/** Absent while it runs. */
	passed: z.boolean().optional(),
	exitCode: z.number().int().nullable(),
	durationMs: z.number(),
	output: payloadSchema,
});

const subtaskStateSchema = z.object({
	id: z.string(),
	status: z.enum(subtaskStatuses),
	attempt: z.number().int(),
	failedAttempts: z.number().int(),
	agent: z.string().optional(),
	summary: z.string().optional(),
	outputs: z.record(z.string(), jsonValueSchema),
	checks: z.array(checkStateSchema),
	failure: failureSchema.optional(),
	evidence: payloadSchema.optional(),
	reason: z.string().optional(),
	finished: z
		.object({attempt: z.number().int(), change: changeSchema.nullable(), merged: z.boolean()})
		.optional(),
	base: z.string().optional(),
	dependencies: payloadSchema.optional(),
	startsOver: z.boolean(),
	merge: z.object({from: z.string(), to: z.string()}).optional(),
	startedAt: z.string().optional(),
	endedAt: z.string().optional(),
	startedActiveMs: z.number().optional(),
	endedActiveMs: z.number().optional(),
	usage: tokenCountSchema,
});

const agentStateSchema = z.object({
	name: z.string(),
	provider: z.string(),
	model: z.string(),
	activity: z.enum(agentActivities),
	detail: z.string().optional(),
	waitsFor: z.enum(waitReasons).optional(),
	until: z.string().optional(),
	since: z.string().optional(),
	subtask: z.string().optional(),
	attempt: z.number().int().optional(),
	turns: z.number().int(),
	usage: tokenCountSchema,
});

/**
 * The state of a run as JSON, for clients that are not in this process. With the events after `seq`
 * (`applyEvent`) it becomes the state at any later event. What is undefined in a `RunState` is absent
 * here; maps are lists of their entries in order, or objects where the entries have no name.
 */
export const runStateJsonSchema = z.object({
	run: z.string(),
	/** Number of the last event in it. */
	seq: z.number().int(),
	epoch: z.number().int(),
	status: z.enum(runStatuses),
	startedAt: z.string(),
	changedAt: z.string(),
	task: payloadSchema,
	directory: z.string(),
	team: teamSchema.optional(),
	settings: runSettingsSchema.optional(),
	startedWith: runSettingsSchema.optional(),
	workspace: z
		.object({
			kind: z.enum(['git', 'plain']),
			base: z.string(),
			files: z.number().int(),
			overview: payloadSchema,
			instructions: payloadSchema.optional(),
		})
		.optional(),
	head: z.string().optional(),
	plan: z
		.object({
			revision: z.number().int(),
			hash: z.string(),
			plan: planSchema,
			origin: z.enum(planOrigins),
			verdicts: z.array(verdictSchema),
			approved: z.boolean(),
		})
		.optional(),
	planning: z.number().int().optional(),
	revisionWanted: z.object({by: z.literal('person'), reason: z.string()}).optional(),
	leadInterrupted: z.boolean(),
	feedback: z.array(payloadSchema),
	subtasks: z.array(subtaskStateSchema),
	agents: z.array(agentStateSchema),
	approvals: z.array(
		z.object({
			id: z.string(),
			subject: approvalSubjectSchema,
			until: z.string().optional(),
			/** Absent while it is open. */
			decision: decisionSchema.optional(),
			withdrawn: z.boolean(),
		}),
	),
	messages: z.array(
		z.object({
			id: z.string(),
			from: z.string(),
			to: z.string(),
			text: payloadSchema,
			delivered: z.boolean(),
		}),
	),
	finalChecks: z.array(checkStateSchema),
	usage: z.object({
		total: tokenCountSchema,
		models: z.record(z.string(), tokenCountSchema),
		lost: z.number(),
		lostUsd: z.number(),
	}),
	openCalls: z.record(z.string(), z.object({tokens: z.number(), usd: z.number()})),
	denied: z.array(
		z.object({
			agent: z.string().optional(),
			subtask: z.string().optional(),
			what: z.string(),
			by: z.string(),
		}),
	),
	delivery: z
		.object({
			mode: z.enum(['apply', 'branch', 'patch']),
			head: z.string(),
			paths: z.array(deliveryPathSchema),
			reason: z.string().optional(),
			done: z.boolean(),
			files: z.array(z.string()),
			target: z.string().optional(),
			undone: z.boolean(),
			kept: z.array(z.string()),
		})
		.optional(),
	switches: z.record(
		z.string(),
		z.object({
			agent: z.string(),
			from: namedTargetSchema,
			to: namedTargetSchema,
			kind: z.enum(failureKinds),
			times: z.number().int(),
		}),
	),
	cancelRequested: z.boolean(),
	inboxSeen: z.array(z.string()),
	activeMs: z.number(),
	report: runReportSchema.optional(),
});

export type RunStateJson = z.infer<typeof runStateJsonSchema>;

/** A copy of the state, fit for `JSON.stringify`. */
export function runStateToJson(state: RunState): RunStateJson {
	const {subtasks, agents, approvals, messages, finalChecks, usage, ...rest} = state;
	return runStateJsonSchema.parse({
		...rest,
		subtasks: [...subtasks.values()],
		agents: [...agents.values()],
		approvals: [...approvals.values()],
		messages: [...messages.values()],
		finalChecks: [...finalChecks.values()],
		usage: {...usage, models: Object.fromEntries(usage.models)},
		openCalls: Object.fromEntries(state.openCalls),
		switches: Object.fromEntries(state.switches),
		inboxSeen: [...state.inboxSeen],
	});
}

/** The state that `runStateToJson` was given. Throws a `ZodError` for JSON of another shape. */
export function runStateFromJson(value: unknown): RunState {
	const json = runStateJsonSchema.parse(value);
	return {
		...emptyRunState(),
		...json,
		workspace: json.workspace && {instructions: undefined, ...json.workspace},
		subtasks: byKey(
			json.subtasks.map(subtask => ({
				...pendingSubtask(subtask.id),
				...subtask,
				checks: subtask.checks.map(check => ({passed: undefined, ...check})),
			})),
			({id}) => id,
		),
		agents: byKey(
			json.agents.map(agent => ({
				detail: undefined,
				waitsFor: undefined,
				until: undefined,
				since: undefined,
				subtask: undefined,
				attempt: undefined,
				...agent,
			})),
			({name}) => name,
		),
		approvals: byKey(
			json.approvals.map(approval => ({until: undefined, decision: undefined, ...approval})),
			({id}) => id,
		),
		messages: byKey(json.messages, ({id}) => id),
		finalChecks: byKey(
			json.finalChecks.map(check => ({passed: undefined, ...check})),
			({name}) => name,
		),
		usage: {...json.usage, models: new Map(Object.entries(json.usage.models))},
		openCalls: new Map(Object.entries(json.openCalls)),
		delivery: json.delivery && {reason: undefined, target: undefined, ...json.delivery},
		switches: new Map(Object.entries(json.switches)),
		inboxSeen: new Set(json.inboxSeen),
	};
}

function byKey<Entry>(
	entries: readonly Entry[],
	keyOf: (entry: Entry) => string,
): Map<string, Entry> {
	return new Map(entries.map(entry => [keyOf(entry), entry]));
}
